#!/bin/sh
# Whatever a run asks of a simulated host is answered here: with what the host it stands for has
# said to the very same question, after the time that it took. The first question of a run, which
# locks a host, names the run; so it is known by the file that it locks.
#
# Until $kept/sealed is there a question that is new is asked of that host, and its answer kept.
# From then on nothing has an answer that was not asked before.
kept=/home/vagrant/answers
asked=$SSH_ORIGINAL_COMMAND
case $asked in
  */run/readyhost/run.lock*) key=lock ;;
  *) key=$(printf %s "$asked" | sha256sum) && key=${key%% *} ;;
esac

took() { # seconds since $begin
  awk "BEGIN { printf \"%.3f\n\", $(($(date +%s%N) - begin)) / 1e9 }" >"$kept/$key.seconds"
}

if [ -e $kept/sealed ]; then
  [ -e "$kept/$key" ] || { echo "this was not asked when answers were recorded" >&2; exit 1; }
  sleep "$(cat "$kept/$key.seconds")"
  cat "$kept/$key"
  # The lock is held as long as the run holds its input open.
  if [ "$key" = lock ]; then cat >/dev/null; fi
  exit 0
fi
begin=$(date +%s%N)
if [ "$key" = lock ]; then
  ssh -F $kept/ssh_config host "$asked" | while IFS= read -r line; do
    took
    printf '%s\n' "$line" | tee -a "$kept/$key"
  done
else
  ssh -F $kept/ssh_config host "$asked" >"$kept/$key"
  took
  cat "$kept/$key"
fi
