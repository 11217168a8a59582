"""What runs as if on a machine of its own: the operator's work, which shares this one's cores with
the box and its visitors only here.

`nice` does not do that. It counts within a group of processes, and the box is another group; so is
each session, where the kernel groups by session: at nice 19 a process got half of a core beside one
of a box. An idle group is put off at once by whoever wakes, in whichever other group.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

GROUPS = ("/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup")
NAME = "readyhost-operator"
BEHIND = ("nice", "-n", "19")
"""Behind others of its group: all there is where the kernel has no idle groups (before 5.15), and
enough where the machine has no rest, which an idle group would wait for until the end."""
ENTER = 'echo $$ >"$0" && exec "$@"'


@cache
def apart() -> tuple[str, ...]:
    """What a command is run by to be in an idle group."""
    for top in GROUPS:
        group = Path(top, NAME)
        try:
            group.mkdir(exist_ok=True)
            if not (group / "cpu.idle").read_text().startswith("1"):
                (group / "cpu.idle").write_text("1")
        except OSError:
            if group.is_dir() and os.access(top, os.W_OK):
                group.rmdir()
            continue
        return ("sh", "-c", ENTER, str(group / "cgroup.procs"))
    return BEHIND
