"""One job: a unit of its own, alone, within its deadline, with a record of how it ended."""

from __future__ import annotations

import argparse
import random
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import NoReturn

from roles.core.host import unit
from roles.core.host.errors import require_root

from . import idle_scheduling, job_runs, lock, mirror, prepared
from .configuration import Configuration
from .errors import BackupError, LateError

Work = Callable[[], "tuple[int, dict[str, float]]"]
MIRRORED = ("database", "files", "dump")


def bounded(configuration: Configuration, command: Sequence[str]) -> NoReturn:
    """Run `command` as a unit of its own, which has its share and survives the terminal."""
    require_root()
    properties = {
        "CPUQuota": f"{configuration.cpu_percent}%",
        "CPUQuotaPeriodSec": f"{configuration.cpu_period}ms",
        "MemoryMax": f"{configuration.memory_mb}M",
        "Slice": idle_scheduling.SLICE,
        "IOSchedulingClass": "idle",
        "Nice": "15",
        "OOMScoreAdjust": "500",
        "RuntimeMaxSec": str(configuration.deadline + configuration.jitter + 60),
    }
    unit.become(command, unit.properties(properties))


def recorded(
    configuration: Configuration,
    options: argparse.Namespace,
    work: Work,
) -> int:
    """Run `work`, and keep a record of how it ended. The deadline includes the wait for other jobs.

    work: returns the bytes that it added, and what it measured, in seconds by name. Raises
    BackupError when it failed.
    """
    if options.scheduled:
        time.sleep(random.uniform(0, configuration.jitter))  # noqa: S311 - no secret
    name, begin = options.command, time.time()
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(configuration.deadline)
    measured: dict[str, float] = {}
    size, reason = 0, ""
    try:
        try:
            size, measured = _alone(configuration, options, work)
        finally:
            signal.alarm(0)
    except (BackupError, LateError, OSError, ValueError, KeyError) as error:
        reason = str(error) or repr(error)
    outcome = "failed" if reason else "ok"
    entry = job_runs.Run(name, begin, time.time(), outcome, size, reason[-2000:])
    job_runs.write(configuration, entry, **measured)
    took = f"after {entry.end - begin:.0f} s"
    if reason:
        raise BackupError(f"{name}: FAILED {took}: {reason}")
    numbers = "".join(f", {key} {value:.0f} s" for key, value in measured.items())
    print(f"{name}: good {took}, {size} bytes{numbers}")
    return 0


def _alone(
    configuration: Configuration, options: argparse.Namespace, work: Work
) -> tuple[int, dict[str, float]]:
    name, say = options.command, "" if options.scheduled else "waits for the job under way"
    with lock.held(name, wait=not options.scheduled, say=say), lock.held("any", wait=True, say=say):
        print(f"{name}: begins", flush=True)
        return mirrored(configuration, name, work)


def mirrored(configuration: Configuration, name: str, work: Work) -> tuple[int, dict[str, float]]:
    """Do the work, and then mirror what there is, also when one repository took nothing."""
    if name not in MIRRORED or not configuration.mirror or prepared.is_foreign():
        return work()
    reasons, result = [], None
    for step in (work, lambda: mirror.send(configuration)):
        try:
            result = step() or result
        except BackupError as error:
            reasons.append(str(error) if step is work else f"mirror: {error}")
    if reasons or result is None:
        raise BackupError("\n".join(reasons))
    return result


def _late(number: int, frame: FrameType | None) -> None:
    raise LateError("it was ended after backup.deadline_minutes, the wait for others included")
