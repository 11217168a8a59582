# shellcheck shell=sh disable=SC2154,SC2086 # set by what comes before; no value has spaces but the quoted
# Keeps what a host has before a change, and starts the timer that brings it back. Read by `sh -s`
# on the host after the variables name, seconds, directory, unit, paths, stamps, remember and undo.
set -eu
umask 077
units=/etc/systemd/system

start_waiting() {
  systemctl daemon-reload
  systemctl enable -q $unit.timer
  systemctl restart $unit.timer
}
if [ -d $directory ]; then # kept before a change that is not confirmed either
  start_waiting
  exit
fi

mkdir -p "${directory%/*}"
rm -rf $directory.new
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

cat >common <<EOF2
mkdir -p -m 700 /run/readyhost
exec 8>/run/readyhost/$unit.lock
flock 8
[ -d $directory ] || { echo "it has put back what it had before"; exit 1; }
cd $directory || exit
finish() {
  # The directory goes by one rename: until then the timer would try again, also after a reboot.
  mv $directory $directory.done
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
while IFS= read -r command; do sh -c "\$command"; done <undo
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
mv $directory.new $directory
start_waiting
