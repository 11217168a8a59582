"""A job makes way for the live service at once. With a share of the processors, however small, it
would let others wait until its turn is over; a group that is idle is put off by whoever wants to
run. That holds among the groups of one parent: so jobs have a slice beside those of the application
and of the system, and it is the slice that is idle. Kernels know such groups since 5.15; systemd
says it to them since 252 only."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

SLICE = "readyhost_backup.slice"
GROUPS = Path("/sys/fs/cgroup")
MINE = Path("/proc/self/cgroup")


def become_idle(groups: Path = GROUPS, mine: Path = MINE) -> None:
    """Make the slice that this process runs in an idle one, where the kernel has that."""
    for line in mine.read_text().splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers and "cpu" not in controllers.split(","):
            continue
        above, found, _ = group.partition(SLICE)
        if not found:  # a container without that controller
            continue
        for place in {controllers, "cpu"} if controllers else {""}:
            file = groups / place / above.lstrip("/") / SLICE / "cpu.idle"
            if file.exists():
                with suppress(OSError):  # then it has its share
                    file.write_text("1")
