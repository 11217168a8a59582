"""When the former release is not kept, or not used: what needs no host to be seen."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

import pytest

from roles.app.host import slots, systemd, warm
from roles.app.host.definition import Definition
from roles.app.host.layout import Layout
from roles.core.host import disk


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A host on which v1 is frozen in blue, and answers."""
    found = Layout("shop", str(tmp_path))
    monkeypatch.setattr(slots, "started", lambda *_: _v1("1"))
    monkeypatch.setattr(slots, "drifted", lambda *_: ["/etc/systemd/system/shop-job.timer"])
    monkeypatch.setattr(systemd, "call", lambda *_: None)
    monkeypatch.setattr(warm, "_frozen", lambda *_: [])
    monkeypatch.setattr(warm.health, "wait", lambda *_, **__: {})
    _note(found, 60)
    return found


def _note(layout: Layout, left: float) -> None:
    now = time.monotonic()
    disk.write_json(layout.warm, asdict(warm.Warm("blue", "1", now, now + left)))


def _v1(identity: str) -> Definition:
    return Definition(Path("/"), "v1", "c", identity, {"web": 1}, {"path": "/"})


def test_what_is_warm_is_thawed_once(layout: Layout) -> None:
    assert warm.thaw(layout, _v1("1"), "blue")
    assert not warm.thaw(layout, _v1("1"), "blue")


def test_what_has_changed_since_is_started_anew(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not warm.thaw(layout, _v1("another secret"), "blue")
    assert not warm.thaw(layout, _v1("1"), "green")
    monkeypatch.setattr(slots, "drifted", lambda *_: ["/etc/systemd/system/shop-web-blue@.service"])
    assert not warm.thaw(layout, _v1("1"), "blue")


def test_what_is_left_frozen_is_started_anew(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warm.frozen.Thaw, "end", lambda *_: False)
    assert not warm.thaw(layout, _v1("1"), "blue")


def test_its_time_ends(layout: Layout) -> None:
    _note(layout, -1)
    assert not warm.thaw(layout, _v1("1"), "blue")
    assert warm.holds(layout, "blue"), "its timer is due"
    _note(layout, -60)
    assert not warm.holds(layout, "blue")


def test_too_little_memory_is_said(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str] = []
    group = tmp_path / "groups"
    for name, used in (("web", 300), ("slice", 700)):
        (group / name).mkdir(parents=True)
        (group / name / "memory.current").write_text(f"{used << 20}\n")
        (group / name / "memory.max").write_text(f"{900 << 20}\n")
        (group / name / "cgroup.procs").write_text("17\n")
    monkeypatch.setattr(warm.memory, "GROUPS", group)
    monkeypatch.setattr(systemd, "inactive", lambda *_: [])
    monkeypatch.setattr(
        systemd,
        "show",
        lambda names, *_: {
            n: {"ControlGroup": "/slice" if "slice" in n else "/web", "MainPID": "17"}
            for n in names
        },
    )
    assert not warm.keep(layout, _v1("1"), "blue", 600, said.append)
    assert said == [
        "=> v1 does not stay warm for a rollback: it takes 300 MiB, and no more than 200 MiB would"
        " be free beside it for what is live (app.memory_share_percent)"
    ]
    (group / "web" / "cgroup.procs").write_text("17\n18\n")
    assert not warm.keep(layout, _v1("1"), "blue", 600, said.append)
    assert "forks" in said[-1]
