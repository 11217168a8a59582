"""systemctl, as far as a release needs it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable, Mapping

from .errors import ReleaseError

AT_REST = ("inactive", "failed")
SETTLE = 2.0  # seconds that the journal gets for the last lines of a process


def show(units: Iterable[str], *properties: str) -> dict[str, dict[str, str]]:
    """Properties of units by name; of a unit that is not there, those of one that is inactive."""
    units = list(units)
    if not units:
        return {}
    wanted = ",".join(("Id", *properties))
    done = subprocess.run(
        ["systemctl", "show", f"--property={wanted}", *units],
        check=False,
        capture_output=True,
        text=True,
    )
    found = {}
    for block in done.stdout.strip().split("\n\n"):
        values = dict(line.partition("=")[::2] for line in block.splitlines())
        found[values.get("Id", "")] = values
    return {unit: found.get(unit, {}) for unit in units}


def inactive(units: Iterable[str]) -> list[str]:
    """Those of `units` that do not run."""
    state = show(units, "ActiveState")
    return [unit for unit, values in state.items() if values.get("ActiveState") != "active"]


def active(units: Iterable[str]) -> list[str]:
    """Those of `units` that run, start or stop."""
    gone = ("inactive", "failed", None)
    state = show(units, "ActiveState")
    return [unit for unit, values in state.items() if values.get("ActiveState") not in gone]


def outdated(units: Iterable[str]) -> list[str]:
    """Those of `units` that systemd knows as they were: a run that was killed changed them."""
    state = show(units, "NeedDaemonReload")
    return [unit for unit, values in state.items() if values.get("NeedDaemonReload") == "yes"]


def restarts(units: Iterable[str]) -> dict[str, int]:
    """How often each unit was started again by itself since it was started."""
    shown = show(units, "NRestarts")
    return {unit: int(values.get("NRestarts") or 0) for unit, values in shown.items()}


def ends(units: Iterable[str]) -> dict[str, int]:
    """How often each unit has ended since it was started, by now or by being started again."""
    shown = show(units, "NRestarts", "ActiveState")
    return {
        unit: int(values.get("NRestarts") or 0) + (values.get("ActiveState") != "active")
        for unit, values in shown.items()
    }


def states(*patterns: str) -> dict[str, str]:
    """Units that match and that systemd has anything to say of, with their state: `active`,
    `failed`, `inactive`, …."""
    done = subprocess.run(
        ["systemctl", "list-units", "--plain", "--no-legend", "--full", "--all", *patterns],
        check=False,
        capture_output=True,
        text=True,
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    return {row[0]: row[2] for row in rows if len(row) > 2}


def listed(*patterns: str) -> list[str]:
    """Units that match and are not at rest: running, starting, stopping, or about to."""
    return [unit for unit, state in states(*patterns).items() if state not in AT_REST]


def call(verb: str, units: Iterable[str]) -> None:
    """Run `systemctl VERB` on units, all at once. Raises ReleaseError with what it said."""
    units = list(units)
    if not units and verb != "daemon-reload":
        return
    done = subprocess.run(["systemctl", verb, *units], check=False, capture_output=True, text=True)
    if done.returncode:
        raise ReleaseError(f"systemctl {verb} {' '.join(units)}: {done.stderr.strip()}")


def start(units: Iterable[str]) -> None:
    """Start units and leave it to their proof what becomes of them: of a process that ends at once
    systemctl may tell or not, as it happens. Raises ReleaseError when one is not even tried."""
    units = list(units)
    try:
        call("start", units)
    except ReleaseError:
        if len(active(units)) < len(units):
            raise


def attempt(verb: str, units: Iterable[str]) -> None:
    """Like `call` for what may fail, such as stopping what is not there."""
    try:
        call(verb, units)
    except ReleaseError:
        return


def enable(units: Iterable[str]) -> None:
    """Have units started at boot. systemd itself learns of it by the next daemon-reload: each takes
    it a tenth of a second, in which it starts nothing."""
    units = list(units)
    if units:
        call("enable", ["--no-reload", *units])


def unmask(states: Mapping[str, str]) -> None:
    """Have units that a hand has masked start again when they are to. states: of their files."""
    for unit, state in states.items():
        if state.startswith("masked"):
            call("unmask", ["--runtime", unit] if state == "masked-runtime" else [unit])


def disable(units: Iterable[str]) -> None:
    """The contrary of `enable`; units that are not there are none at boot either."""
    units = list(units)
    if units:
        attempt("disable", ["--no-reload", *units])


def words(unit: str, lines: int = 25, since: float = 0) -> list[str]:
    """The last lines that a unit's own processes logged, since a time (seconds of the epoch).

    The journal may still be reading what an ended process said: it is asked until that is all.
    """
    end = time.monotonic() + SETTLE
    said = _journal(unit, lines, since)
    while time.monotonic() < end:
        time.sleep(0.2)
        before, said = said, _journal(unit, lines, since)
        if said and said == before:
            break
    return said


def _journal(unit: str, lines: int, since: float) -> list[str]:
    of_unit = [f"--since=@{int(since)}", f"_SYSTEMD_UNIT={unit}"]
    done = subprocess.run(
        # With --since, -n alone gives the first lines.
        ["journalctl", "-q", "-o", "cat", "-r", "-n", str(lines), *of_unit],
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()[::-1]
