"""A test alert through the whole path: a fact, Prometheus, Alertmanager, each receiver."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from roles.core.host.errors import HostError

from . import manager

FACT = Path("/var/lib/prometheus/node-exporter/readyhost-alert-test.prom")
RECORD = Path("/var/lib/readyhost/alert-test.json")
"""What became of the last test; the readiness report shows it."""
LONGEST = 150  # seconds: a scrape, a look at the rules, and a heartbeat, which is a webhook too
PEOPLE, HEARTBEAT = "people", "heartbeat"


def run() -> Iterator[str]:
    """Begin it, and say of each kind of receiver what became of it. Raises HostError when one has
    failed, or none was asked."""
    open_ = expected(manager.receivers())
    kinds = sorted(open_)
    # One that is killed was not taken.
    _record(kinds, "did not end")
    end = time.monotonic() + LONGEST
    _write(f"readyhost_alert_test_timestamp_seconds {time.time():.0f}\n")
    try:
        yield f"asked for {', '.join(open_)}; waiting, at most {LONGEST} s"
        before = _fires(end)
        yield "Prometheus fires, Alertmanager has it"
        while open_ and time.monotonic() < end:
            time.sleep(1)
            now = manager.sent()
            for kind in list(open_):
                if arrived(before.get(kind, (0, 0)), now.get(kind, (0, 0)), open_[kind]):
                    del open_[kind]
                    yield f"{kind}: taken"
        if open_:
            raise HostError(
                f"not taken: {', '.join(open_)}; see journalctl -u prometheus-alertmanager"
            )
        _record(kinds, "")
    except HostError as error:
        _record(kinds, str(error))
        raise
    finally:
        FACT.unlink(missing_ok=True)


def _fires(end: float) -> dict[str, tuple[int, int]]:
    """What was sent until the test got to Alertmanager: others may be told meanwhile."""
    before = manager.sent()
    while time.monotonic() < end:
        if any(each["labels"]["alertname"] == "Test" for each in manager.firing()):
            return before
        before = manager.sent()
        time.sleep(0.3)
    raise HostError(
        "Alertmanager did not get it: systemctl status prometheus prometheus-node-exporter"
    )


def expected(receivers: dict[str, dict[str, int]]) -> dict[str, int]:
    """Messages that must have been taken, by kind. A heartbeat cannot be told from a webhook: one
    of it must be among them.

    >>> expected({"people": {"email": 1, "webhook": 1}, "heartbeat": {"webhook": 1}})
    {'email': 1, 'webhook': 2}
    >>> expected({"people": {"email": 1}, "heartbeat": {"webhook": 1}})
    {'email': 1}
    """
    beats = receivers.get(HEARTBEAT, {})
    return {kind: n + beats.get(kind, 0) for kind, n in receivers[PEOPLE].items()}


def arrived(before: tuple[int, int], now: tuple[int, int], wanted: int) -> bool:
    """Whether so many more were taken, and none refused. Both are (all, failed).

    >>> arrived((5, 1), (7, 1), 2), arrived((5, 1), (7, 2), 1), arrived((5, 1), (5, 1), 1)
    (True, False, False)
    """
    return now[1] == before[1] and now[0] - before[0] >= wanted


def _write(text: str) -> None:
    """As a new file in the place of the old one: who owns the folder may have put a link there."""
    _replace(FACT, text)


def _record(kinds: list[str], wrong: str) -> None:
    RECORD.parent.mkdir(parents=True, exist_ok=True)
    found = {"when": round(time.time()), "to": kinds, "wrong": wrong}
    _replace(RECORD, json.dumps(found) + "\n")


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        os.fchmod(file.fileno(), 0o644)
    new.replace(path)
