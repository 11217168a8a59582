#!/bin/sh
# For the host that keeps the mirror of another one's backups. In ~/.ssh/authorized_keys of a user of its
# own there, in one line:
#
#   restrict,command="/usr/local/bin/readyhost-mirror PLACE DAYS" ssh-ed25519 …
#
# Who has the key reads PLACE/now and writes there, and gets nowhere else. What is changed or removed there
# goes to PLACE/former/TIME first, out of the key's reach, and is kept for so many days.
set -euf

place=$1
days=$2

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
    --delete-after | --checksum | --files-from=- | --from0 | --numeric-ids) options="$options $1" ;;
    --*) refuse "not with $1" ;;
    # r, R, t: recursive, by path, times; o, g, c, e.…: owners, checksums, what this rsync can do. No links, no devices.
    -*[!rtRogce.iLsfxCIvu-]*) refuse "not with $1" ;;
    -*) options="$options $1" ;;
    *) refuse "not with $1" ;;
  esac
  shift
done

umask 077
mkdir -p "$place/now" "$place/former"
cd "$place"
find former -mindepth 1 -maxdepth 1 -mtime "+$days" -exec rm -rf {} +

# shellcheck disable=SC2086 # several words
if [ -n "$sender" ]; then
  exec rsync --server --sender $options . now/
else
  exec rsync --server $options --backup --backup-dir="../former/$(date -u +%Y-%m-%dT%H%M%SZ)" . now/
fi
