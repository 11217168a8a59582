"""Which process hangs, from one look to the next."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from roles.app.host import answers, health, watchdog
from roles.app.host.definition import Definition
from roles.app.host.layout import Layout
from roles.app.host.watchdog import hanging


def test_what_has_been_silent_for_long_is_restarted_and_one_alone() -> None:
    since: dict[str, float] = {}
    assert hanging(since, ["a"], 0, 30) == ""
    assert hanging(since, ["a", "b"], 10, 30) == ""
    assert hanging(since, ["a", "b"], 30, 30) == "a"
    assert hanging(since, ["b"], 35, 30) == ""
    assert hanging(since, ["b"], 40, 30) == "b"


def test_an_answer_ends_the_silence() -> None:
    since: dict[str, float] = {}
    hanging(since, ["a"], 0, 30)
    hanging(since, [], 20, 30)
    assert hanging(since, ["a"], 30, 30) == ""
    assert hanging(since, ["a"], 60, 30) == "a"


def logged(path: Path, rows: list[tuple[float, str, str]]) -> Path:
    """Nginx's log with a line for each answer: when, from which sockets, with which statuses."""
    path.write_text(
        "".join(
            f'{{"time":"{datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="seconds")}",'
            f'"path":"/","status":200,"upstream":"{sockets}","upstream_status":"{statuses}"}}\n'
            for at, sockets, statuses in rows
        )
    )
    return path


def test_who_answers_users_is_busy_and_does_not_hang(tmp_path: Path) -> None:
    layout = Layout("shop")

    def at(name: str) -> str:
        return f"unix:{layout.live}/{name}"

    log = logged(
        tmp_path / "access.log",
        [
            (100, at("web-1.sock"), "200"),  # long ago
            (200, at("web-2.sock"), "304"),
            (201, at("web-7.sock"), "404"),  # anybody gets that at once, where all work hangs
            (201, at("web-3.sock"), "504"),  # no answer of its own
            (201, f"{at('web-4.sock')}, {at('web-5.sock')}", "502, 200"),
            (202, "unix:/srv/blog/live/web-6.sock", "200"),  # another application's
            (202, "", ""),  # Nginx's own
        ],
    )
    assert answers.answered(layout, 190, log) == {"web-2.sock", "web-5.sock"}
    assert answers.answered(layout, 300, log) == set()
    assert answers.answered(layout, 0, tmp_path / "none") == set()


def test_a_busy_one_is_not_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    units = ["web@1", "web@2", "web@3"]
    layout = Layout("shop")
    definition = SimpleNamespace(
        web=lambda *_: units,
        sockets=lambda *_: [Path(f"/run/web-{n}.sock") for n in (1, 2, 3)],
        each=lambda *_: {},
        health={},
    )
    late = "/health was not answered in 5 s"
    said = {"web@1": late, "web@2": late, "web@3": ""}
    monkeypatch.setattr(health, "ask_all", lambda *_: said)
    monkeypatch.setattr(answers, "answered", lambda *_: {"web-1.sock"})
    assert watchdog.silent(layout, cast("Definition", definition), "blue") == ["web@2"]
