#!/bin/sh
# For the host that keeps the mirror of another one's backups. In ~/.ssh/authorized_keys of a user of its
# own there, in one line:
#
#   restrict,command="/usr/local/bin/readyhost-mirror PLACE DAYS" ssh-ed25519 …
#
# Who has the key reads PLACE/now and writes there, and gets nowhere else. What is changed or removed there
# goes to PLACE/former/TIME first, out of the key's reach, and is kept for so many days.
#
# With "readyhost-mirror --read FOLDER" the key reads FOLDER and writes nothing: for a host that restores what
# another one has fetched; and on a host that is backed up, for the one that fetches.
#
# Whoever has the key may speak rsync's protocol with a program of his own, so what it allows is listed: -s
# would have rsync read other options than these, --files-from names of files anywhere.
set -euf

reading=
[ "$1" != --read ] || {
  reading=$1
  shift
}
place=$1
days=${2:-}

refuse() {
  echo "readyhost-mirror: $*" >&2
  exit 1
}

# shellcheck disable=SC2086 # its words are what is looked at
set -- ${SSH_ORIGINAL_COMMAND:-}
[ "${1:-} ${2:-}" = "rsync --server" ] || refuse "only rsync is served"
shift 2
sender=
options=
while [ $# -gt 0 ] && [ "$1" != . ]; do
  case $1 in
    --sender) sender=$1 ;;
    --delete-after | --checksum | --numeric-ids) options="$options $1" ;;
    --*) refuse "not with $1" ;;
    -*)
      # r, R, t: recursive, by path, times; o, g, c: owners, checksums. No links, no devices.
      letters=${1%%e.*}
      case $letters in *[!rtRogc-]*) refuse "not with $1" ;; esac
      options="$options $letters"
      # What its rsync can do, but for i: lists of files in parts, in which one could come twice.
      [ "$letters" = "$1" ] || options="${options}e.$(printf %s "${1#*e.}" | tr -dc 'A-Za-hj-z')"
      ;;
    *) refuse "not with $1" ;;
  esac
  shift
done

if [ -n "$reading" ]; then
  [ -n "$sender" ] || refuse "it is only read here"
  cd "$place"
  # shellcheck disable=SC2086 # several words
  exec rsync --server --sender $options . ./
fi

umask 077
mkdir -p "$place/now" "$place/former"
cd "$place"
find former -mindepth 1 -maxdepth 1 -mtime "+$days" -exec rm -rf {} +

# shellcheck disable=SC2086 # several words
if [ -n "$sender" ]; then
  exec rsync --server --sender $options . now/
else
  # A name that no other has had: what one run keeps, none that follows replaces.
  exec rsync --server $options --backup --backup-dir="../former/$(date -u +%Y-%m-%dT%H%M%S.%NZ)-$$" . now/
fi
