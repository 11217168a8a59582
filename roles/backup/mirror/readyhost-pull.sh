#!/bin/sh
# For a host that fetches the backups of another one and keeps them as they were at each time. Root's cron runs
# there, in one line:
#
#   readyhost-pull USER readyhost-pull@HOST PLACE DAYS
#
# Every run makes PLACE/TIME, whole; what has not changed since the run before is a hard link to what that one
# has. All of two days are kept, and the first of each day for so many DAYS.
#
# Whoever has taken HOST over sends what he likes, so nothing that came before is within its reach: USER, who
# speaks with it, owns the folders of the run that is under way and no file that was there; and it can fill no
# more than nine tenths of the disk. A run without a new backup of the database fails, and removes nothing.
set -euf

user=$1
from=$2
place=$3
days=$4

FULL=90     # %, of the disk or of its inodes
STALE=2160  # minutes: the host makes a backup each day, and half a day later says itself that it has not
MEMORY=2000 # MB that a list of files may take, some 10 million of them

fail() {
  echo "readyhost-pull: $*" >&2
  exit 1
}
runs() { find . -mindepth 1 -maxdepth 1 -name '[0-9]*' -printf '%f\n' | sort; }
ago() { date -u -d "$1 days ago" +%Y-%m-%dT%H%M%SZ; }
full() { df --output=pcent,ipcent . | awk -v most=$FULL 'NR > 1 {exit !($1 + 0 >= most || $2 + 0 >= most)}'; }

umask 027
cd "$place"
exec 9>.lock
flock -n 9 || fail "the run before is still under way"
trap 'rm -rf .coming' EXIT
rm -rf .coming
! full || fail "the disk of $place is full to $FULL %: nothing was fetched"

# Its folders become the user's from the innermost on: what it owns never leads to one that is still to come.
last=$(runs | tail -n 1)
if [ -n "$last" ]; then cp -al "$last" .coming; else mkdir .coming; fi
find .coming -depth -type d -exec chown "$user:" {} +

while sleep 1 && kill -0 $$; do ! full || pkill -KILL -u "$user"; done 2>/dev/null 9>&- &
trap 'kill $! || :; rm -rf .coming' EXIT
status=0
# No links and no devices, and no list of files in parts, in which one could come twice.
prlimit --as=$((MEMORY * 1000000)) \
  setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --no-new-privs --reset-env \
  rsync -rt --chmod=D750,F640 --delete-after --no-inc-recursive --numeric-ids \
  --exclude='*.pgbackrest.tmp' --exclude=/files/locks --exclude='/database/backup/*/latest' \
  --include='/database/***' --include='/files/***' --include=/system --exclude='*' \
  -e 'ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o UpdateHostKeys=no -o ServerAliveInterval=60' \
  "$from:/" .coming/ </dev/null 9>&- || status=$?
! full || fail "the disk of $place is full to $FULL %: what came is removed, and what was kept before is kept"
case $status in
  0 | 24) ;; # 24: a file went while it was looked at
  *) fail "nothing was fetched from $from" ;;
esac

now=$(date -u +%Y-%m-%dT%H%M%SZ)
chown -R root .coming
mv -T .coming "$now"

[ -n "$(find "$now/database/backup" -name backup.info -mmin -$STALE)" ] \
  || fail "$from has made no backup of its database for a day and a half; what there is is in $place/$now"
runs | head -n -1 | awk -v end="$(ago "$days")" -v all="$(ago 2)" '
  $0 < end || ($0 < all && seen[substr($0, 1, 10)]++)' | while read -r old; do rm -rf "$old"; done
