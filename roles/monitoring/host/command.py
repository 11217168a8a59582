"""The command line: write all facts, once. One that cannot be looked at is left out, and said."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from roles.core.host import disk
from roles.core.host.errors import HostError, require_root

from . import (
    backups,
    bans,
    busy,
    certificates,
    clock,
    database,
    kills,
    maintained,
    pools,
    releases,
    reports,
    units,
    upgrades,
)
from .configuration import STATE, TARGET, Configuration, load
from .exposition import Sample, render

Look = Callable[[Configuration, dict[str, Any]], Iterable[Sample]]
"""state: what a look keeps for the next one, of its own."""

LOOKS: dict[str, Look] = {
    "releases": releases.look,
    "backups": backups.look,
    "certificates": certificates.look,
    "units": units.look,
    "kills": kills.look,
    "upgrades": upgrades.look,
    "maintained": maintained.look,
    "busy": busy.look,
    "bans": bans.look,
    "reports": reports.look,
    "database": database.look,
    "pools": pools.look,
    "clock": clock.look,
}


def main() -> int:
    """Exit status: 0, or 1 for who may not."""
    try:
        require_root()
    except HostError as error:
        print(error, file=sys.stderr)
        return 1
    state = disk.read_json(STATE)
    samples = list(looked(load(), state))
    disk.write_json(STATE, state)
    disk.write(TARGET, render(samples), 0o644)
    return 0


def _words(error: Exception) -> str:
    """Of another program its last words; its command line tells an operator nothing."""
    if isinstance(error, subprocess.CalledProcessError):
        return ((error.stderr or "").strip().splitlines() or [f"{error.cmd[0]} failed"])[-1]
    return str(error) or repr(error)


def looked(configuration: Configuration, state: dict[str, Any]) -> Iterable[Sample]:
    """All that is found, and of each look whether it could."""
    for name, look in LOOKS.items():
        mine = state.setdefault(name, {})
        try:
            found = list(look(configuration, mine))
        except (OSError, ValueError, KeyError, IndexError, subprocess.SubprocessError) as error:
            print(f"<4>{name}: {_words(error)}", file=sys.stderr)
            found = []
            yield Sample("readyhost_facts_failed", 1, {"fact": name})
        else:
            yield Sample("readyhost_facts_failed", 0, {"fact": name})
        yield from found
    yield Sample("readyhost_facts_timestamp_seconds", time.time())
