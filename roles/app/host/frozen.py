"""Processes that SIGSTOP has frozen, and how they go on.

A process without forks is one thing to stop and to let go on. Gunicorn's master ends workers that
it has heard nothing of for its timeout, frozen or not. So they go on first, and the master once
each has told that it lives: by the time of a file that the master has open for it, which has no
name any more (gunicorn/workers/workertmp.py, the same since version 19). Of other programs with
forks nobody knows here what they take for hanging.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from . import memory, systemd

PATIENCE = 2.0  # seconds until each worker has told: most do each second, or when they are asked
TIMEOUT = 30.0  # seconds, Gunicorn's own default (`--timeout`)
LOOK = 0.005  # seconds
READ = 4096  # bytes
MASTER = "gunicorn"
HEARTBEAT, UNNAMED = "/wgunicorn-", " (deleted)"

SHOWN = ("MainPID", "ControlGroup")
"""What systemd says of a unit that `group` reads."""

Group = list[int]
"""A unit's processes, the one first that systemd has started."""


def groups(units: Iterable[str]) -> list[Group]:
    """The processes of each unit."""
    return [group(values) for values in systemd.show(units, *SHOWN).values()]


def group(values: Mapping[str, str]) -> Group:
    """The processes of a unit, by what systemd says of it; none of one that does not run."""
    main, where = int(values.get("MainPID") or 0), values.get("ControlGroup", "").strip("/")
    # No name is that of the group which has all of the host.
    listed = memory.of(where, "systemd", "cgroup.procs").split() if where else []
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
        self._masters = [group[0] for group in found if group[1:]]
        self._told = _heartbeats(self._masters)
        for group in found:
            _send(group[1:] or group, signal.SIGCONT)

    def end(self, ask: Callable[[], bool]) -> bool:
        """Let the others go on. ask: has one of those that go on answer, and says whether it did.

        Out: whether all go on. Workers whose master would end them leave it frozen: one that sleeps
        tells nothing, so they are asked until none is left that slept on.
        """
        end = time.monotonic() + PATIENCE
        while silent := self._silent():
            if time.monotonic() > end:
                # Uvicorn's tell after half of that time, and not before.
                now = time.time()
                if any(now - told > _timeout(master) / 2 + PATIENCE for master, told in silent):
                    return False
                break
            if not ask():
                return False
            time.sleep(LOOK)
        _send(self._masters, signal.SIGCONT)
        return True

    def _silent(self) -> list[tuple[int, float]]:
        """Masters of workers that have not told since they go on, and when those did, in seconds of
        the epoch; of a master without workers' files, that it never heard of one."""
        now = _heartbeats(self._masters)
        unknown = [(master, 0.0) for master in self._masters if not now[master]]
        return unknown + [
            (master, told)
            for master, files in now.items()
            for file, told in files.items()
            if told <= self._told[master].get(file, told)
        ]


def end_forks(found: Iterable[Group]) -> None:
    """End what a frozen master looks after: going on, it would take them for hanging first."""
    forks = [fork for group in found if is_frozen(group[:1]) for fork in group[1:]]
    _send(forks, signal.SIGTERM)
    _send(forks, signal.SIGCONT)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not all(map(_has_ended, forks)):
        time.sleep(LOOK)


def _heartbeats(masters: Iterable[int]) -> dict[int, dict[Path, float]]:
    """By master: when each worker told last, by the file that it tells by. That of older versions
    has another mode then, and no other time: so it is the time of any change."""
    found: dict[int, dict[Path, float]] = {}
    for master in masters:
        files = found[master] = {}
        for link in _open_files(master):
            with suppress(OSError):
                name = str(link.readlink())
                if HEARTBEAT in name and name.endswith(UNNAMED):
                    files[link] = link.stat().st_ctime
    return found


def _timeout(master: int) -> float:
    """After how many silent seconds it ends a worker, by its command line."""
    said = re.search(r"\0(?:--timeout[=\0]|-t\0?)(\d+)\0", _command(master))
    return float(said[1]) if said else TIMEOUT


def _has_ended(process: int) -> bool:
    return _state(process) in ("", "Z", "X")


def _open_files(process: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{process}/fd").iterdir())
    except OSError:  # it has ended
        return []


def _is_master(process: int) -> bool:
    """Whether it calls itself Gunicorn: python -m gunicorn, .venv/bin/gunicorn, or by setproctitle
    `gunicorn: master [shop]`. What is no Gunicorn has no heartbeats, and is started anew."""
    words = _command(process).split("\0")[:3]
    return any(Path(word).name == MASTER or word.startswith(f"{MASTER}: ") for word in words)


def _command(process: int) -> str:
    """The beginning of its command line. How much there is of it the process decides itself."""
    try:
        with Path(f"/proc/{process}/cmdline").open("rb") as file:
            return file.read(READ).decode(errors="replace")
    except OSError:
        return ""


def _stopped(process: int) -> bool:
    return _state(process) == "T"


def _state(process: int) -> str:
    about = memory.text(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
    return "".join(about[:1])


def _send(processes: Iterable[int], what: signal.Signals) -> None:
    for process in processes:  # systemctl would take as long as all that they are asked
        with suppress(ProcessLookupError):
            os.kill(process, what)
