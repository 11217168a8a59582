"""What a switch leaves for the next run, and takes away of the version before."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from roles.app.host import command, entry, schedules, slots, systemd
from roles.app.host.definition import Definition
from roles.app.host.layout import Layout


def _definition() -> Definition:
    return Definition(Path("/"), "v1", "c", "1", {"web": 1, "worker": 1}, {"path": "/"})


@pytest.mark.parametrize(
    ("shown", "done"),
    [
        (("active", "enabled", "no"), ["start shop-blue.target"]),
        (
            ("inactive", "disabled", "no"),
            ["enable shop.target", "daemon-reload", "start shop-blue.target shop.target"],
        ),
        (
            ("active", "masked", "yes"),
            ["unmask shop.target", "enable shop.target", "daemon-reload", "start shop-blue.target"],
        ),
    ],
)
def test_what_runs_as_it_should_is_not_told_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shown: tuple[str, ...], done: list[str]
) -> None:
    """But for the slot: a run may have been killed before its workers were started."""
    told: list[str] = []

    def call(verb: str, units: Iterable[str]) -> None:
        named = [unit for unit in units if not unit.startswith("--")]
        if named or verb == "daemon-reload":
            told.append(" ".join([verb, *named]))

    state = dict(zip(("ActiveState", "UnitFileState", "NeedDaemonReload"), shown, strict=True))
    monkeypatch.setattr(systemd, "call", call)
    monkeypatch.setattr(systemd, "show", lambda units, *_: dict.fromkeys(units, state))
    schedules.start(Layout("shop", str(tmp_path)), _definition(), None, "blue")
    assert told == done


def test_what_the_version_before_left_goes(tmp_path: Path) -> None:
    layout = Layout("shop", str(tmp_path))
    link = layout.units / "shop.target.wants" / "shop-green.target"
    weight = tmp_path / "run/systemd/system.control/shop-blue.slice.d/50-CPUWeight.conf"
    for path in (link, weight):
        path.parent.mkdir(parents=True)
    link.symlink_to("../shop-green.target")
    weight.write_text("[Slice]\nCPUWeight=10\n")
    assert sorted(slots.forget(layout)) == ["50-CPUWeight.conf", "shop-green.target"]
    assert not link.is_symlink()
    assert not weight.exists()
    assert slots.forget(layout) == []


def test_a_program_of_the_version_before_finds_its_entry() -> None:
    """Of several applications one is released before the files of the next are written."""
    assert command.main is entry.main
