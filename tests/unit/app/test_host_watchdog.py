"""Which process hangs, from one look to the next."""

from __future__ import annotations

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
