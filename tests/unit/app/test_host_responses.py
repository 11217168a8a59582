"""By what Nginx keeps responses: a name that each switch makes, and none has twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.app.host import responses, slots
from roles.app.host.definition import Definition
from roles.app.host.layout import Layout

RUNS = {"blue": "1" * 64, "green": "2" * 64}


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    monkeypatch.setattr(
        slots,
        "started",
        lambda _, slot: Definition(Path("/"), "v1", "c", RUNS[slot], {"web": 1}, {"path": "/"}),
    )
    found = Layout("shop", str(tmp_path))
    found.home.mkdir(parents=True)
    return found


def end(layout: Layout, slot: str) -> Path:
    responses.begin(layout, slot)
    return layout.responses.resolve(strict=True)


def test_no_switch_has_a_name_of_one_before(layout: Layout) -> None:
    ends = [end(layout, slot) for slot in ("blue", "green", "blue", "green", "green")]
    assert len(set(ends)) == len(ends)


def test_the_one_before_stays_for_who_is_on_the_way_to_it(layout: Layout) -> None:
    ends = [end(layout, slot) for slot in ("blue", "green", "blue")]
    assert [each.exists() for each in ends] == [False, True, True]


def test_nginx_finds_it_whatever_the_umask_is(layout: Layout) -> None:
    found = end(layout, "blue")
    assert [each.stat().st_mode & 0o777 for each in (found, found.parent)] == [0o755, 0o755]


def test_a_switch_that_died_before_it_is_seen(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not responses.current(layout, "blue"), "a host of a version that had none"
    responses.begin(layout, "blue")
    assert responses.current(layout, "blue")
    assert not responses.current(layout, "green"), "Nginx asks green, and the link is blue's"
    monkeypatch.setitem(RUNS, "blue", "3" * 64)
    assert not responses.current(layout, "blue"), "another release was put into the slot"
