"""The program that releases on the host: what it decides, and what it does to files."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from roles.app.host import drain, entry, prune, record
from roles.app.host.definition import load
from roles.app.host.errors import ReleaseError
from roles.app.host.layout import Layout, other
from roles.app.host.prune import superfluous
from roles.app.host.slots import live
from roles.app.host.state import State
from roles.core.host import disk
from roles.core.host.errors import HostError


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (State(), "activate"),
        (State("blue", "v1", "same", built=True), ""),
        (State("blue", "v1", "same", built=False), "activate"),
        (State("blue", "v1", "older", built=True), "activate"),
        (State("blue", "v1", "same", built=True, unhealthy=["web-1"]), "activate"),
        (State("blue", "v1", "same", built=True, incomplete=["timer"]), "clean_up"),
        (
            State("blue", "v1", "same", built=True, unhealthy=["web-1"], incomplete=["t"]),
            "activate",
        ),
    ],
)
def test_what_is_due(state: State, due: str) -> None:
    assert state.due("same") == due
    assert bool(state.why("same", "v1")) == bool(due) or not state.built


def test_old_releases_go_the_live_and_previous_never() -> None:
    built = {"v1": "1", "v2": "2", "v3": "3", "v4": "4", "v5": "5"}
    assert superfluous(built, 3, {"v5", "v4"}) == ["v2", "v1"]
    assert superfluous(built, 3, {"v1", "v2"}) == ["v4", "v3"]
    assert superfluous(built, 2, {"v1", "v2", "v3"}) == ["v5", "v4"]
    assert superfluous(built, 9, set()) == []


def test_the_record_survives_a_line_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "releases.jsonl"
    for tag, outcome in (("v1", "live"), ("v2", "live"), ("v3", "failed"), ("v2", "live")):
        record.append(path, who="ann", tag=tag, outcome=outcome)
    with path.open("a") as file:
        file.write('{"when": "2026-')
    entries = record.read(path)
    assert [entry["tag"] for entry in entries] == ["v1", "v2", "v3", "v2"]
    assert record.previous(entries, "v2") == "v1"
    assert record.previous([], None) is None


def test_a_link_is_never_missing_while_it_moves(tmp_path: Path) -> None:
    link, targets = tmp_path / "live", [tmp_path / "blue", tmp_path / "green"]
    for target in targets:
        target.mkdir()
    disk.link(link, targets[0])
    missing: list[OSError] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                link.stat()
            except OSError as error:
                missing.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    for turn in range(2000):
        disk.link(link, targets[turn % 2])
    done.set()
    thread.join()
    assert missing == []


def test_a_file_has_its_mode_from_the_first_byte(tmp_path: Path) -> None:
    path = tmp_path / "env"
    disk.write(path, b"one", 0o600)
    disk.write(path, b"two", 0o600)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two", 0o600)
    assert [p.name for p in tmp_path.iterdir()] == ["env"]


def test_a_copied_folder_replaces_what_was_there(tmp_path: Path) -> None:
    source, target = tmp_path / "next", tmp_path / "deep" / "blue"
    (source / "units").mkdir(parents=True)
    (source / "units" / "a").write_text("new")
    target.mkdir(parents=True)
    (target / "left-over").write_text("old")
    (tmp_path / "deep" / ".blue.new").mkdir()  # what a killed run left
    disk.copy_tree(source, target)
    assert [str(p.relative_to(target)) for p in sorted(target.rglob("*"))] == ["units", "units/a"]
    assert target.stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_removed_is_said_and_keeps_nothing_else_from_going(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    for name in ("folder/in/it", "kept"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "file").touch()
    for name in ("folder", "link", "file", "nothing"):
        disk.remove(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "target"]

    stays = Path("/proc/self/fdinfo")  # nobody may
    with pytest.raises(HostError, match="fdinfo could not be removed: rm: "):
        disk.remove(stays)
    layout = Layout("shop", str(tmp_path))
    layout.releases.mkdir(parents=True)
    (layout.releases / "v1").mkdir()
    (layout.home / "environments").mkdir()
    assert list(prune._sweep(layout, [])) == []
    assert not (layout.home / "environments").exists()
    layout.installed.symlink_to("/proc/self/fdinfo")
    (layout.releases / "v1").mkdir()
    (said, *_) = prune._sweep(layout, [])
    assert "could not be removed" in said
    assert not (layout.releases / "v1").exists()


def test_slots(tmp_path: Path) -> None:
    layout = Layout("shop", str(tmp_path))
    layout.home.mkdir(parents=True)
    assert live(layout) is None
    assert other(None) == "blue"
    disk.link(layout.live, layout.run("blue"))
    assert live(layout) == "blue"
    assert other("blue") == "green"
    disk.link(layout.live, tmp_path / "elsewhere")
    assert live(layout) is None


def test_a_definition_of_a_later_version_is_read(tmp_path: Path) -> None:
    values = {
        "tag": "v1",
        "commit": "c",
        "identity": "i",
        "processes": {"web": 2, "mailer": 1},
        "health": {},
        "build": {},
        "of_the_future": 1,
    }
    (tmp_path / "release.json").write_text(json.dumps(values))
    definition, layout = load(tmp_path), Layout("shop")
    assert definition.web(layout, "blue") == [
        "shop-web-blue@1.service",
        "shop-web-blue@2.service",
    ]
    assert definition.workers(layout, "green") == ["shop-mailer-green@1.service"]


def test_a_damaged_definition_is_told(tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text('{"tag": ')
    with pytest.raises(ReleaseError, match="no release definition"):
        load(tmp_path)


def test_connections_are_counted_by_socket() -> None:
    table = (
        "Num       RefCount Protocol Flags    Type St Inode Path\n"
        "00000000: 00000002 00000000 00010000 0001 01 100 /run/shop/blue/web-1.sock\n"
        "00000000: 00000003 00000000 00000000 0001 03 101 /run/shop/blue/web-1.sock\n"
        "00000000: 00000003 00000000 00000000 0001 02 102 /run/shop/blue/web-2.sock\n"
        "00000000: 00000003 00000000 00000000 0001 03 103 /run/shop/green/web-1.sock\n"
        "00000000: 00000003 00000000 00000000 0001 03 104\n"
    )
    sockets = [Path("/run/shop/blue/web-1.sock"), Path("/run/shop/blue/web-2.sock")]
    assert drain.connections(sockets, table) == 2


def test_only_root_changes_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert entry.main("shop", ["rollback"]) == 1
    assert capsys.readouterr().err == "only root can do that; use sudo\n"
