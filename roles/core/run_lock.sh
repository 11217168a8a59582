# shellcheck shell=sh disable=SC2154 # what, who, client, wait, state, programs and hold are set by what comes before
# The first thing that a run asks of a host. Prints, one item a line: `owner JSON`, `app NAME`,
# `forgotten` where our programs are and what a host knows of itself is not, and `ready` once this run has the lock, or `busy JSON` when another one has it: the answer `wait` then
# waits for that, `end` ends it. The lock ends with the connection that this is started in, which is
# what ends its standard input. Who waits is told `at STEP`, where the other one is.
umask 077
[ -d /run/readyhost ] || mkdir -p /run/readyhost # closed to others, who could hold a lock that they can open
lock=/run/readyhost/run.lock
told=/run/readyhost/run.json

parent() { # PROCESS: sets p to the one above it, without a new process
  read -r stat <"/proc/$1/stat" || return
  stat=${stat##*) } && stat=${stat#* } && p=${stat%% *}
}
ancestors='' session=$$ p=$$
while [ "$p" -gt 1 ]; do
  ancestors="$ancestors $p "
  read -r name <"/proc/$p/comm"
  # To end the SSH server's process of this connection ends the run.
  case $name in sshd*) [ "$session" != $$ ] || session=$p ;; esac
  parent "$p"
done

answer() { # what the host knows of itself
  if [ -s "$state/owner" ] && read -r line <"$state/owner"; then echo "owner $line"; fi
  for manifest in "$state"/manifest/app-*; do
    if [ -e "$manifest" ]; then echo "app ${manifest##*/app-}"; fi
  done
  if [ -d "$programs" ] && [ ! -e "$state/owner" ] && [ ! -e "$state/manifest/base" ]; then
    echo forgotten
  fi
  echo ready
}
if [ "$hold" = no ]; then
  answer
  exit
fi

note() { # STATE
  text='{"who": "%s", "client": "%s", "what": "%s", "since": "%s", "step": "%s", "process": %s, "state": "%s"}\n'
  # shellcheck disable=SC2059 # which is a format
  printf "$text" "$who" "$client" "$what" "$since" "$step" "$session" "$1" >$told.new
  mv -T $told.new $told # who waits reads it whole
}
at() { # HOLDER: says its step when that is another one; a former version's holder says none
  case $1 in *'"step": "'*) ;; *) return ;; esac
  place=${1##*\"step\": \"}
  place=${place%%\"*}
  [ "$place" = "$seen" ] || echo "at $place"
  seen=$place
}
under_way() { # whether something of this connection still runs, and may change the host
  place=
  while read -r line; do
    case $line in 0::*) place=${line#0::} ;; esac
  done </proc/self/cgroup
  case $place in */session-*.scope) ;; *) return 1 ;; esac
  while read -r p; do
    case $ancestors in *" $p "*) continue ;; esac
    { read -r name <"/proc/$p/comm"; } 2>/dev/null || continue
    case $name in sshd* | gpg-agent | dirmngr | keyboxd | ssh-agent | dbus-*) continue ;; esac
    line=
    { read -r line <"/proc/$p/cmdline"; } 2>/dev/null # empty for one that has ended
    [ -z "$line" ] || return 0
  done <"/sys/fs/cgroup$place/cgroup.procs"
  return 1
}

exec 9<>$lock
asked='' waits='' end='' seen='' step=''
while ! flock -n 9; do
  now=$(date +%s)
  [ "$end" ] || end=$((now + wait)) patience=$((now + lost))
  holder=$(cat $told 2>/dev/null)
  case $holder in *'"state": "lost"'*) gone=yes ;; *) gone= ;; esac
  if [ "$gone" ] && [ "$now" -lt "$patience" ]; then
    # A run whose connection is gone ends by itself, with its last command.
    [ "$waits" ] || echo "waits $holder"
    waits=yes
  elif [ -z "$asked" ]; then
    echo "busy $holder"
    read -r asked
    case $asked in
      end) process=${holder##*\"process\": } && kill "${process%%,*}" && end=$((now + 10)) ;;
      wait) ;;
      *) exit ;;
    esac
  elif [ "$now" -ge "$end" ]; then
    echo "busy $holder"
    exit
  else
    at "$holder"
  fi
  sleep 0.2
done
since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
note running
answer

# Each line is the step that the run is at; the end of them is that of the connection.
while read -r step; do note running; done
note lost
end=$(($(date +%s) + lost))
while under_way && [ "$(date +%s)" -lt $end ]; do sleep 0.2; done
