"""What a hand changed around a live release, told from what is as it should be."""

from __future__ import annotations

import grp
import json
import pwd
from pathlib import Path

import pytest

from roles.app.host import drift, slots
from roles.app.host.layout import Layout
from roles.core.host import disk


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An application whose slot blue runs what the last run defined."""
    layout = Layout("shop", str(tmp_path))
    definition = {
        "tag": "v1",
        "commit": "c",
        "identity": "i",
        "processes": {"web": 1},
        "health": {},
    }
    for folder in (layout.next, layout.started("blue")):
        folder.mkdir(parents=True)
        (folder / "release.json").write_text(json.dumps(definition))
        for name in ("env", *drift.BESIDE):
            (folder / name).write_text("A='1'\n")
    return layout


def test_HOST_09_nothing_is_found_where_nobody_was(layout: Layout) -> None:
    assert drift.unhealthy(layout, "blue") == []
    assert drift.incomplete(layout, "blue") == []


@pytest.mark.parametrize("does", ["edit", "delete"])
def test_HOST_09_an_environment_is_compared_with_the_definition(layout: Layout, does: str) -> None:
    path = layout.started("blue") / "env"
    path.write_text("A='2'\n") if does == "edit" else path.unlink()
    assert drift.unhealthy(layout, "blue") == [
        f"{path} was changed: processes that start would get that"
    ]


def test_HOST_09_another_definition_is_no_drift(layout: Layout) -> None:
    """The slot is out of date then, which is said otherwise."""
    wanted = json.loads((layout.next / "release.json").read_text())
    disk.write_json(layout.next / "release.json", {**wanted, "identity": "j"})
    (layout.next / "env").write_text("A='2'\n")
    assert drift.unhealthy(layout, "blue") == []


def test_HOST_09_what_operators_get_is_put_right_without_a_process(layout: Layout) -> None:
    path = layout.started("blue") / "operator-env"
    path.unlink()
    assert drift.unhealthy(layout, "blue") == []
    assert drift.incomplete(layout, "blue") == [f"{path} was changed"]
    drift.put_right(layout, "blue")
    assert path.read_text() == "A='1'\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_HOST_09_overrides_of_the_slots_own_processes_are_found(layout: Layout) -> None:
    def override(name: str) -> Path:
        path = layout.units / name
        path.parent.mkdir(parents=True)
        path.write_text("[Service]\nMemoryMax=1M\n")
        return path

    mine = override("shop-web-blue@.service.d/x.conf")
    override("shop-web-green@.service.d/x.conf")
    override("shop-release-blue.service.d/restore-point.conf")
    override("nginx.service.d/x.conf")
    assert slots.overrides(layout, "blue") == [mine]
    assert drift.unhealthy(layout, "blue") == [f"{mine} changes what a process may"]


def test_HOST_09_folders_are_those_that_systemd_is_told_to_make(layout: Layout) -> None:
    tmpfiles = Path(layout.root, "etc/tmpfiles.d/shop.conf")
    tmpfiles.parent.mkdir(parents=True)
    tmpfiles.write_text("# why\nd /srv 0755 root root\nd /srv/shop/uploads 2750 shop www-data\n")
    found = list(drift.folders(layout, "blue"))
    assert [(folder.mode, folder.owner) for folder in found] == [(0o755, "root"), (0o2750, "shop")]
    srv = Path(layout.root, "srv")
    srv.mkdir()
    srv.chmod(0o777)
    said = drift.incomplete(layout, "blue")
    assert said[0].startswith(f"{srv} is 777 ")
    assert said[1] == f"{srv}/shop/uploads is gone"


def test_HOST_09_a_folder_that_is_a_link_is_an_administrators(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uploads on a volume of their own: neither the link nor what it leads to is changed."""
    volume = tmp_path / "volume"
    volume.mkdir(mode=0o700)
    uploads = tmp_path / "srv/shop/uploads"
    uploads.parent.mkdir(parents=True, exist_ok=True)
    uploads.symlink_to(volume)
    wanted = drift.Folder(uploads, 0o750, "root", "root")
    monkeypatch.setattr(drift, "folders", lambda layout, slot: [wanted])
    assert drift.incomplete(layout, "blue") == []
    drift._give_back(wanted)
    assert volume.stat().st_mode & 0o777 == 0o700


def test_HOST_09_a_folder_gets_its_own_owner_back(tmp_path: Path) -> None:
    about = tmp_path.stat()
    owner, group = pwd.getpwuid(about.st_uid).pw_name, grp.getgrgid(about.st_gid).gr_name
    folder = tmp_path / "uploads"
    folder.mkdir(mode=0o777)
    drift._give_back(drift.Folder(folder, 0o2750, owner, group))
    assert drift._now(folder) == drift.Folder(folder, 0o2750, owner, group)


def test_HOST_09_what_cannot_be_put_right_is_said_with_the_reason(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = [("no-such-user", "has the shell /bin/sh")]
    monkeypatch.setattr(drift, "_accounts", lambda layout: iter(nobody))
    (said,) = drift.put_right(layout, "blue")
    what = "the account no-such-user has the shell /bin/sh, and that could not be put right"
    assert said.startswith(f"{what}: usermod: ")
