"""What units have lost to memory, as the kernel counts it, and what is remembered of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.app.host import lost, memory, systemd
from roles.app.host.definition import Definition
from roles.app.host.layout import Layout

UNIT = "shop-web-blue@1.service"


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shown = {UNIT: {"ControlGroup": "/shop.slice/web"}, "gone": {"ControlGroup": ""}}
    monkeypatch.setattr(systemd, "show", lambda units, *names: {u: shown[u] for u in units})
    monkeypatch.setattr(memory, "GROUPS", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("shop.slice/web/memory.events", "low 0\nhigh 0\nmax 9\noom 2\noom_kill {}\n"),
        (
            "memory/shop.slice/web/memory.oom_control",
            "oom_kill_disable 0\nunder_oom 0\noom_kill {}\n",
        ),
    ],
)
def test_APP_11_what_the_kernel_ended_of_a_unit(groups: Path, file: str, text: str) -> None:
    """By both versions of control groups; a unit that was started again begins with 0."""
    path = groups / file
    path.parent.mkdir(parents=True)
    path.write_text(text.format(2))
    losses = memory.Losses([UNIT, "gone"])
    assert losses() == {UNIT: 0, "gone": 0}
    for count, known in ((3, 1), (3, 1), (0, 1), (2, 3)):
        path.write_text(text.format(count))
        assert losses() == {UNIT: known, "gone": 0}


def test_APP_11_what_a_release_lost_is_remembered_for_as_long_as_it_is_the_same(
    tmp_path: Path,
) -> None:
    layout = Layout("shop", str(tmp_path))
    layout.etc.mkdir(parents=True)

    def live(identity: str) -> Definition:
        return Definition(tmp_path, "v1", "0" * 40, identity, {"web": 1}, {})

    assert lost.words(layout, "v1", "a") == ""
    lost.note(layout, live("a"), 1, "it was killed")
    assert lost.words(layout, "v1", "a").startswith("v1 was out of memory once, last at 20")
    lost.note(layout, live("a"), 2, "it was killed")
    assert "out of memory 3 times" in lost.words(layout, "v1", "a")
    lost.note(layout, live("b"), 1, "it was killed")
    assert lost.words(layout, "v1", "a") == ""
    assert lost.words(layout, "v1", "b").endswith(": it was killed")
