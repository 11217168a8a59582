# shellcheck shell=sh disable=SC2154,SC2086 # set by what comes before; no value has spaces but the quoted
# Keeps what a host has before a change, and starts the timer that brings it back. Read by `sh -s`
# on the host after the variables name, seconds, directory, unit, paths, stamps, remember, undo, further
# and reach.
set -eu
umask 077
units=/etc/systemd/system
mkdir -p /run/readyhost # closed to others, who could hold a lock that they can open
exec 8>/run/readyhost/$unit.lock # two runs at once, or a run and an undo
flock -w 120 8 || { echo "$unit is at work on this host: systemctl status $unit" >&2; exit 1; }

connection() { # SSH_CONNECTION of the operator; sudo hides it from what it starts, not from its parents
  parent=$$
  while [ "$parent" -gt 1 ]; do
    tr '\0' '\n' <"/proc/$parent/environ" 2>/dev/null | sed -n 's/^SSH_CONNECTION=//p'
    parent=$(awk '{print $4}' "/proc/$parent/stat")
  done | head -n 1
}

start_waiting() {
  connection >$directory/operator
  systemctl daemon-reload
  systemctl enable -q $unit.timer
  systemctl restart $unit.timer
}
# What is not whole no run has left: nothing can be brought back from it.
whole() {
  for part in absent old.tar undo further operator reach.py restore confirm; do
    [ -f $directory/$part ] || return
  done
  for part in service timer; do [ -s $units/$unit.$part ] || return; done
}
if whole; then # kept before a change that is not confirmed either
  start_waiting
  exit
fi

mkdir -p "${directory%/*}"
rm -rf $directory $directory.new $directory.done
mkdir $directory.new
cd $directory.new
printf '%s' "$paths" | while IFS= read -r path; do
  if [ -e "$path" ] || [ -L "$path" ]; then echo "${path#/}" >>present; else echo "$path" >>absent; fi
done
touch present absent
tar -C / -cpf old.tar --no-recursion -T present
printf '%s' "$remember" >remember
sh -e remember
printf '%s' "$undo" >undo
printf '%s' "$further" >further
printf '%s' "$reach" >reach.py
: >operator

cat >common <<EOF2
mkdir -p -m 700 /run/readyhost
exec 8>/run/readyhost/$unit.lock
flock 8
[ -d $directory ] || { echo "it has put back what it had before"; exit 1; }
cd $directory || exit
finish() {
  # The directory goes by one rename: until then the timer would try again, also after a reboot.
  rm -rf $directory.done
  mv -T $directory $directory.done
  systemctl stop $unit.timer
  systemctl disable -q $unit.timer
  rm -rf $directory.done $units/$unit.timer $units/$unit.service
  systemctl daemon-reload
}
EOF2
cat common - >restore <<EOF2
while IFS= read -r path; do rm -f -- "\$path"; done <absent
tar -C / --same-owner -xpf old.tar
rm -f $stamps
while IFS= read -r command <&3; do timeout 60 sh -c "\$command" </dev/null; done 3<undo
read -r client _ _ port <operator
export client port status
reached() { # what was told to start or to read its files again may take a moment
  for pause in 1 0; do
    timeout 30 python3 reach.py \$(cat operator) </dev/null
    status=\$?
    [ \$status != 0 ] || return 0
    sleep \$pause
  done
  return 1
}
while ! reached; do
  IFS= read -r command <&3 || { echo "SSH still does not answer \$client"; break; }
  echo "SSH does not answer \$client; now: \$command"
  timeout 60 sh -c "\$command" </dev/null
done 3<further
echo "the change of $name was not confirmed within $seconds s and has been undone"
finish
EOF2
{ cat common; echo finish; } >confirm

cat >$units/$unit.service <<EOF2
[Unit]
Description=Undo the change of $name that nobody confirmed
ConditionPathExists=$directory

[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=/bin/sh $directory/restore
EOF2
cat >$units/$unit.timer <<EOF2
[Unit]
Description=Wait $seconds s for the confirmation of a change of $name

[Timer]
OnActiveSec=${seconds}s
AccuracySec=1s

[Install]
WantedBy=timers.target
EOF2
chmod 644 $units/$unit.service $units/$unit.timer
# From here on there is something to undo; what follows starts the clock.
sync -f .
mv -T $directory.new $directory
start_waiting
