"""Questions that take what CPU users leave.

A question reads all of a host: some tenths of a second of several processes. In the operator's own
session they are the equals of Nginx and the application, whose users would wait for them: answers
took 200 ms and more while a host of two cores was asked. In an idle group they are put off by
whoever wakes. On a host without a rest an idle group would wait for ever, so it is one for
`PATIENCE` seconds at most. Kernels know idle groups since 5.15; an older one goes on as ever.
"""

from __future__ import annotations

PATIENCE = 5  # seconds; a question takes half of one, and two where users leave half a core

_BEGIN = f"""
idle_until=''
aside() {{ # this shell and what it starts; of the second version of control groups or the first
  group=/sys/fs/cgroup
  [ ! -d $group/cpu ] || group=$group/cpu
  group=$group/readyhost_questions
  {{ mkdir -p $group && echo 1 >$group/cpu.idle; }} 2>/dev/null || return
  (
    trap 'kill $sleep' TERM
    sleep {PATIENCE} & sleep=$!
    wait $sleep && echo 0 >$group/cpu.idle
  ) </dev/null >/dev/null 2>&1 &
  idle_until=$!
  echo $$ >$group/cgroup.procs
}}
aside
"""
_END = """
status=$?
[ -z "$idle_until" ] || kill $idle_until 2>/dev/null
exit $status
"""


def aside(question: str) -> str:
    """Shell that asks the same, after users. Nothing else may be started by it: who is in the group
    stays there."""
    return f"{_BEGIN}(\n{question}\n){_END}"
