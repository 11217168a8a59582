"""When a release that users see already is bad, and what is known of it afterwards."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from roles.app.host import pending_switch, record
from roles.app.host.answers import Answers, Counted
from roles.app.host.layout import Layout
from roles.app.host.pending_switch import PendingSwitch
from roles.app.host.watch import too_many_ends, too_many_errors
from roles.app.told import told
from roles.app.watch import Watch

SETTINGS = told(Watch())
NOW = 1_800_000_000.0
OURS = "unix:/srv/shop/live/web-1.sock"


def line(status: int, at: float = NOW, upstream: str = OURS, path: str = "/") -> str:
    """One line of the access log, as Nginx writes it."""
    when = datetime.fromtimestamp(at, timezone.utc).isoformat()
    start = f'{{"time":"{when}","path":"{path}","status":{status},"bytes":12'
    return f'{start},"upstream":"{upstream}"}}\n'


@pytest.mark.parametrize(
    ("ended", "lost", "settings", "reason"),
    [
        ((0, 0), (0, 0), {}, ""),
        ((1, 0), (0, 0), {}, "web-1 ended once"),
        ((1, 2), (0, 0), {}, "web-2 ended 2 times, 3 processes of it in all"),
        ((1, 1), (0, 0), {"restarts": 2}, ""),
        # Started anew since, by somebody's hand: systemd counts from 0 again.
        ((-3, 0), (0, 0), {}, ""),
        # One of several that a unit has, which goes on.
        ((0, 0), (0, 1), {}, "web-2 lost one of its processes"),
        ((0, 0), (1, 2), {}, "web-2 lost 2 of its processes, 3 processes of it in all"),
        ((0, 1), (3, 0), {}, "web-2 ended once, 4 processes of it in all"),
        ((0, 1), (0, 1), {"restarts": 2}, ""),
    ],
)
def test_how_often_processes_may_end(
    ended: tuple[int, int], lost: tuple[int, int], settings: dict[str, Any], reason: str
) -> None:
    units = ("web-1", "web-2")
    counts = dict(zip(units, ended, strict=True)), dict(zip(units, lost, strict=True))
    assert too_many_ends(*counts, {**SETTINGS, **settings}) == reason


@pytest.mark.parametrize(
    ("since", "before", "bad"),
    [
        (Counted(100, 0), Counted(100, 0), False),
        (Counted(100, 5), Counted(100, 0), False),
        (Counted(100, 6), Counted(100, 0), True),
        (Counted(19, 19), Counted(100, 0), False),  # too few to say anything
        (Counted(20, 20), Counted(0, 0), True),
        (Counted(100, 30), Counted(100, 28), False),  # it was no better before
        (Counted(100, 34), Counted(100, 28), True),
    ],
)
def test_how_many_errors_there_may_be(since: Counted, before: Counted, bad: bool) -> None:
    assert bool(too_many_errors(since, before, SETTINGS)) == bad


def test_the_log_tells_of_the_application_alone(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text(line(500, NOW - 60) + line(200, NOW - 5) + line(502, NOW - 4, upstream="shop"))
    answers = Answers(Layout("shop"), 20, NOW, log)
    assert answers.before == Counted(2, 1)
    assert answers.look() == Counted(0, 0)
    with log.open("a") as file:
        file.write(line(200) + line(503, upstream="") + line(500, upstream="unix:/srv/x/live/y"))
        file.write(line(200, path=r"\"status\":500,\"upstream\":\"shop\""))
        file.write(line(504, upstream=f"{OURS}, {OURS}")[:-20])
    assert answers.look() == Counted(2, 0)
    with log.open("a") as file:
        file.write(line(504, upstream=f"{OURS}, {OURS}")[-20:])
    assert answers.look() == Counted(3, 1)
    answers.close()


def test_a_log_that_is_rotated_is_read_to_its_end_and_on(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_text("")
    answers = Answers(Layout("shop"), 20, NOW, log)
    log.write_text(line(200))
    log.rename(tmp_path / "access.log.1")
    assert answers.look() == Counted(1, 0)
    log.write_text(line(500))
    assert answers.look() == Counted(2, 1)
    log.unlink()
    assert answers.look() == Counted(2, 1)
    answers.close()


def entries(*tried: tuple[str, str, str]) -> list[dict[str, Any]]:
    return [
        {"from": former, "tag": tag, "outcome": outcome, "reason": f"{tag} was bad"}
        for former, tag, outcome in tried
    ]


def test_a_release_that_failed_is_never_gone_back_to() -> None:
    tried = entries(("", "v1", "live"), ("v1", "v2", "live"), ("v2", "v3", "failed"))
    assert record.previous(tried, "v2") == "v1"
    assert record.failure(tried, "v3") == "v3 was bad"
    assert record.failure(tried, "v1") is None
    # v1 was good once, and not when it was tried again.
    tried += entries(("v2", "v1", "failed"))
    assert record.previous(tried, "v2") is None
    tried += entries(("v2", "v3", "live"))
    assert record.previous(tried, "v3") == "v2"
    assert record.failure(tried, "v3") is None


def test_settings_that_failed_do_not_condemn_the_release() -> None:
    tried = entries(("", "v1", "live"), ("v1", "v2", "live"), ("v2", "v2", "failed"))
    assert record.failure(tried, "v2") is None
    assert record.previous([*tried, *entries(("v2", "v3", "live"))], "v3") == "v2"


def test_when_an_entry_was_made(tmp_path: Path) -> None:
    begun = datetime.now(timezone.utc).timestamp()
    record.append(tmp_path / "releases.jsonl", tag="v1")
    (entry,) = record.read(tmp_path / "releases.jsonl")
    assert int(begun) <= record.moment(entry) <= begun + 5
    assert record.moment({"when": "yesterday"}) == 0


def test_a_switch_that_is_not_finished_is_known_to_the_next_run(tmp_path: Path) -> None:
    layout = Layout("shop", str(tmp_path))
    layout.etc.mkdir(parents=True)
    assert pending_switch.read(layout) is None
    left = PendingSwitch("green", "4711", {"tag": "v2"}, watched=True)
    pending_switch.write(layout, left)
    assert pending_switch.read(layout) == left
    pending_switch.end(layout)
    pending_switch.end(layout)
    assert pending_switch.read(layout) is None
