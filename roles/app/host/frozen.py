"""Processes that SIGSTOP has frozen, and how they go on.

A process without forks is one thing to stop and to let go on. Gunicorn's master ends workers that
it has heard nothing of for its timeout, frozen or not. So they go on first, and the master once
each has told that it lives: by the time of a file that the master has open for it, which has no
name any more (gunicorn/workers/workertmp.py, versions 19 to 23). Of other programs with forks
nobody knows here what they take for hanging.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path

from . import memory, systemd

PATIENCE = 2.0  # seconds until each worker has told: most do each second
LOOK = 0.005  # seconds
MASTER = "gunicorn"
HEARTBEAT, UNNAMED = "/wgunicorn-", " (deleted)"

Group = list[int]
"""A unit's processes, the one first that systemd has started."""


SHOWN = ("MainPID", "ControlGroup")
"""What systemd says of a unit that `group` reads."""


def groups(units: Iterable[str]) -> list[Group]:
    """The processes of each unit."""
    return [group(values) for values in systemd.show(units, *SHOWN).values()]


def group(values: Mapping[str, str]) -> Group:
    """The processes of a unit, by what systemd says of it; none of one that does not run."""
    main = int(values.get("MainPID") or 0)
    listed = memory.of(values.get("ControlGroup", ""), "systemd", "cgroup.procs").split()
    return [main, *sorted(int(each) for each in listed if int(each) != main)] if main else []


def can_freeze(found: Group) -> bool:
    """Whether it is known how its processes go on."""
    return len(found) == 1 or (bool(found) and _is_master(found[0]))


def freeze(units: Iterable[str]) -> None:
    """Stop all that they are, and those first that would look after the others."""
    units = list(units)
    for each in groups(units):
        _send(each[:1], signal.SIGSTOP)
    for each in groups(units):
        _send(each, signal.SIGSTOP)


def is_frozen(found: Group) -> bool:
    """Whether the kernel gives none of its processes any CPU."""
    return bool(found) and all(map(_stopped, found))


class Thaw:
    """Frozen processes on their way: made, it lets all go on that are asked; `end` the others."""

    def __init__(self, found: Iterable[Group]) -> None:
        self._masters = [main for main, *forks in found if forks]
        self._told = _heartbeats(self._masters)
        for group in found:
            _send(group[1:] or group, signal.SIGCONT)

    def end(self, ask: Callable[[], bool]) -> bool:
        """Let the others go on. ask: has one of those that go on answer, and says whether it did.

        Out: whether all go on. Workers that are not heard of leave their master frozen: one that
        sleeps does not tell, so they are asked until none is left that slept on."""
        end = time.monotonic() + PATIENCE
        while self._masters and not self._heard():
            if time.monotonic() > end or not ask():
                return False
            time.sleep(LOOK)
        _send(self._masters, signal.SIGCONT)
        return True

    def _heard(self) -> bool:
        now = _heartbeats(self._masters)
        return bool(now) and all(told > self._told.get(file, told) for file, told in now.items())


def _heartbeats(masters: Iterable[int]) -> dict[Path, int]:
    """When each worker told last, nanoseconds, by the file that it tells by. That of older versions
    has another mode then, and no other time: so it is the time of any change."""
    found = {}
    for link in chain.from_iterable(map(_open_files, masters)):
        with suppress(OSError):
            name = str(link.readlink())
            if HEARTBEAT in name and name.endswith(UNNAMED):
                found[link] = link.stat().st_ctime_ns
    return found


def _open_files(process: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # it has ended
        return []


def _is_master(process: int) -> bool:
    """Whether it calls itself Gunicorn: python -m gunicorn, .venv/bin/gunicorn, or by setproctitle
    `gunicorn: master [shop]`. What is no Gunicorn has no heartbeats, and is started anew."""
    words = memory.text(Path(f"/proc/{process}/cmdline")).split("\0")[:3]
    return any(Path(word).name == MASTER or word.startswith(f"{MASTER}: ") for word in words)


def _stopped(process: int) -> bool:
    about = memory.text(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return about[:1] == ["T"]


def _send(processes: Iterable[int], what: signal.Signals) -> None:
    for process in processes:  # systemctl would take as long as all that they are asked
        with suppress(ProcessLookupError):
            os.kill(process, what)
