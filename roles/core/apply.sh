#!/bin/sh
# Installs one set of files as one change. Runs on the host as root, out of a private directory
# in memory that holds: set.tar (the new files, at their final paths plus $suffix), and lists with
# one item a line: folders moves removals checks stamps commands sources overlays owners manifest.
#
# First the whole change is rehearsed in a mount namespace of its own, on overlays of the
# directories it touches, and the checks run there. Only when they pass is it done for real.
set -eu
umask 077
work=$1 role=$2
state=/var/lib/readyhost
tab=$(printf '\t')
suffix=.readyhost.dpkg-tmp # cron, logrotate, run-parts and sudo all skip names like it

each() { # each LIST COMMAND...: run COMMAND with every line of LIST, up to the first failure
  list=$work/$1
  shift
  while IFS= read -r item <&3; do "$@" "$item" || return; done 3<"$list"
}
owner_exists() {
  getent "${1%% *}" "${1#* }" >/dev/null && return
  echo "the ${1%% *} entry '${1#* }', which owns a file of this set, does not exist on the host" >&2
  exit 1
}
# Whoever owns a folder, or may write to it, can at any moment put a link in the place of what is in
# it. So folders become root's from the top down, and on the way to a file there are only such.
claim() { # a line is "MODE OWNER:GROUP FOLDER"; the folder above it is root's by now
  mode=${1%% *} folder=${1#* * } owner=${1#* }
  owner=${owner%% *}
  if [ -L "$folder" ]; then rm -f -- "$folder"; fi
  if [ -d "$folder" ]; then chown -h -- "$owner" "$folder" && chmod -- "$mode" "$folder"; fi
}
ways() { # the folders above the folder of each file; an administrator's home is his, who is root by sudo
  cat "$work/moves" "$work/removals" | while IFS= read -r way; do
    way=${way%/*}
    while way=${way%/*} && [ "$way" ]; do
      case $way in /home/?*) ;; *) printf '%s\n' "$way" ;; esac
    done
  done | sort -u
}
claim_all() {
  each folders claim || return
  foreign=$(ways | xargs -d '\n' -r sh -c 'find -L "$@" -maxdepth 0 \
    ! \( -uid 0 ! -perm -002 \( ! -perm -020 -o -group root -o -group staff \) \) \
    -printf "%p (%u:%g) "' find 2>/dev/null) || true
  [ -z "$foreign" ] && return
  echo "others than root may put links on the way to these files, by a folder of theirs: $foreign" >&2
  return 9
}
discard() { rm -f -- "$1$suffix"; }
move() { mv -fT -- "$1$suffix" "$1"; }
# A directory that a role no longer wants goes only when it is empty.
remove() { if [ -d "$1" ] && [ ! -L "$1" ]; then rmdir --ignore-fail-on-non-empty -- "$1"; else rm -f -- "$1"; fi; }
# tar makes parents that are missing by the umask, and members closed until they have their owner.
write_all() { (umask 022 && tar -C / --same-owner -xpmf "$work/set.tar"); }
move_all() {
  each moves move && each removals remove
}
blame() { # the team's own files that a program speaks of; where it names none, it may be each
  named=''
  while IFS="$tab" read -r path source <&3; do
    case $1 in *"$path"* | *"$source"*) named=yes && printf '%s\n' "$source: it is refused, as $path" ;; esac
  done 3<"$work/sources"
  [ "$named" ] || sed "s|.*$tab|the team's own among these files: |" "$work/sources"
}
check() { # a line is "NAME<tab>COMMAND"
  name=${1%%"$tab"*}
  output=$(sh -c "${1#*"$tab"}" 2>&1 </dev/null) && return
  printf '%s\n' "$name refuses the new files:" "$output" >&2
  blame "$name $output" >&2
  return 9
}
overlay() { # cover /$1 with a layer that only this namespace sees
  mkdir -p "$work/layer/$1/upper" "$work/layer/$1/work"
  # the layer's own top is what other users than root see as /$1
  chown --reference="/$1" "$work/layer/$1/upper" && chmod --reference="/$1" "$work/layer/$1/upper"
  mount -t overlay overlay "/$1" \
    -o "lowerdir=/$1,upperdir=$work/layer/$1/upper,workdir=$work/layer/$1/work"
}

rehearse() { # 0: the checks pass, 9: they don't, 7: this host allows no private view
  each overlays overlay 2>/dev/null || exit 7
  claim_all || return
  write_all
  move_all
  each checks check
}

write_beside() { # all the new bytes are on the disk before the first old file goes
  claim_all || { echo "No file has been changed on this host." >&2; exit 1; }
  mkdir -p "$state/manifest" "$state/stamps" "$state/owed"
  if ! write_all; then
    each moves discard
    echo "The new files could not be written; nothing has been changed." >&2
    exit 1
  fi
}
owe() { # what has to follow the change is noted before the change
  each stamps rm -f --
  if [ -s "$work/commands" ]; then : >"$state/owed/$role"; fi
}
keep_old() { # for a host without private views: what the change replaces
  cat "$work/moves" "$work/removals" | while IFS= read -r path; do
    if [ -e "$path" ] || [ -L "$path" ]; then printf '%s\n' "${path#/}"; fi
  done >"$work/old.list"
  tar -C / -cpf "$work/old.tar" --no-recursion -T "$work/old.list"
}
put_back() {
  each moves rm -f --
  tar -C / --same-owner -xpf "$work/old.tar"
}
run_commands() {
  each commands sh -ec
  rm -f "$state/owed/$role"
}

if [ "${3:-}" = rehearse ]; then
  rehearse
  exit
fi

mkdir -p /run/readyhost # closed to others, who could hold a lock that they can open
exec 9>/run/readyhost/apply.lock
flock -w 120 9 || { echo "another change is being installed on this host" >&2; exit 1; }

each owners owner_exists
view=none
if [ -s "$work/moves" ] || [ -s "$work/removals" ]; then
  if [ -s "$work/checks" ]; then
    outcome=0
    unshare --mount --propagation private sh "$0" "$work" "$role" rehearse || outcome=$?
    case $outcome in
      0) view=private ;;
      9) echo "Nothing has been changed on this host." >&2; exit 1 ;;
      7) view=shared ;;
      *) echo "The change could not be rehearsed; nothing has been changed." >&2; exit 1 ;;
    esac
  fi
fi

write_beside
owe
if [ "$view" = shared ]; then
  keep_old
  trap put_back HUP INT TERM
fi
move_all
if [ "$view" = shared ]; then
  if ! each checks check; then
    put_back
    echo "The old files are back in place on this host." >&2
    exit 1
  fi
  trap - HUP INT TERM
fi
cp "$work/manifest" "$state/manifest/$role$suffix"
move "$state/manifest/$role"
run_commands
