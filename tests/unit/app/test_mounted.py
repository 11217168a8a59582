"""What Nginx is to serve of a release is whole before the switch, and changes with it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roles.app.host import assets, built, mounted
from roles.app.host.built import Built
from roles.app.host.definition import Definition, load
from roles.app.host.errors import ReleaseError
from roles.app.host.layout import Layout

MOUNT = {"url": "/", "key": "_", "folder": "dist", "fallback": "index.html", "apart": ["/api"]}
PAGE = '<script src="/assets/a-01234567.js"></script><script src="/api/own.js"></script>'


def definition(place: Path, tag: str = "v1", **mount: str) -> Definition:
    values: dict[str, Any] = {
        "tag": tag, "commit": tag, "identity": tag, "processes": {"web": 0},
        "health": {"page": "/", "host": "shop.example"}, "mounts": [{**MOUNT, **mount}],
    }  # fmt: skip
    place.mkdir(parents=True, exist_ok=True)
    (place / "release.json").write_text(json.dumps(values))
    return load(place)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    place = tmp_path / "release"
    (place / "dist" / "assets").mkdir(parents=True)
    (place / "dist" / "index.html").write_text(PAGE)
    (place / "dist" / "assets" / "a-01234567.js").write_text("let a")
    return place


def test_WEB_16_a_whole_one_is_taken(tmp_path: Path, release: Path) -> None:
    (release / "dist" / "inside.html").symlink_to("index.html")
    mounted.require(definition(tmp_path / "d"), release)


@pytest.mark.parametrize(
    ("mount", "reason"),
    [
        ({"folder": "none"}, "no folder 'none'"),
        ({"folder": "away"}, "no folder 'away'"),
        ({"fallback": "app.html"}, "no app.html"),
    ],
)
def test_WEB_16_one_without_its_folder_or_page_is_refused(
    tmp_path: Path, release: Path, mount: dict[str, str], reason: str
) -> None:
    (release / "away").symlink_to("/etc")
    with pytest.raises(ReleaseError, match=reason):
        mounted.require(definition(tmp_path / "d", **mount), release)


@pytest.mark.parametrize("goal", ["/etc/passwd", "../secret.txt", "/etc", "../../other"])
def test_WEB_16_a_link_that_leads_out_of_the_folder_is_refused(
    tmp_path: Path, release: Path, goal: str
) -> None:
    (release / "secret.txt").write_text("secret")
    (release / "dist" / "assets" / "link").symlink_to(goal)
    if not goal.startswith("/"):
        (release / "dist" / "assets" / "link").unlink()
        (release / "dist" / "link").symlink_to(goal)
    with pytest.raises(ReleaseError, match="leads out of the folder"):
        mounted.require(definition(tmp_path / "d"), release)


def test_WEB_16_links_in_a_circle_are_no_end_of_the_look(tmp_path: Path, release: Path) -> None:
    (release / "dist" / "circle").symlink_to("circle")
    (release / "dist" / "assets" / "again").symlink_to(".")
    mounted.require(definition(tmp_path / "d"), release)


@pytest.mark.parametrize(
    ("name", "goal", "refused"),
    [
        ("log", "/var/log", "static/log"),
        ("wtmp", "/var/log/wtmp", "static/wtmp"),
        ("out", "../dist/assets/out", "static/out"),
        ("by", "../dist", "dist/assets/out"),  # what it leads to leads out
        ("whole", "..", "static/whole"),
        ("admin", "../dist/assets/a-01234567.js", ""),  # as Django's collectstatic --link
    ],
)
def test_SEC_02_no_link_among_static_files_leads_out_of_the_release(
    tmp_path: Path, release: Path, name: str, goal: str, refused: str
) -> None:
    (release / "static").mkdir()
    (release / "dist" / "assets" / "out").symlink_to("/etc/passwd")
    (release / "static" / name).symlink_to(goal)
    made = replace(definition(tmp_path / "d"), static="static")
    if not refused:
        return mounted.require_static(made, release)
    with pytest.raises(ReleaseError, match=f": {refused} is a link that leads out of the release"):
        mounted.require_static(made, release)
    return None


def test_SEC_02_of_a_tag_what_was_live_is_served_and_no_later_build(tmp_path: Path) -> None:
    layout = Layout("app", str(tmp_path))
    builds = []
    for number in (1, 2):
        folder = layout.releases / f"v1~{number}" / "dist"
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(f"build {number}")
        made = definition(layout.definition("v1"), "v1") if number == 1 else None
        identity = built.of(made) if made else "of other settings, and refused"
        builds.append(Built(f"v1~{number}", "v1", identity, f"2026-01-0{number}T00:00:00Z", ""))
    layout.facts("v1").mkdir(parents=True, exist_ok=True)
    built.write(layout, "v1", builds)
    definition(layout.started("blue"), "v1")
    layout.slot("blue").parent.mkdir(parents=True, exist_ok=True)
    layout.slot("blue").symlink_to(layout.releases / "v1~1")
    assets.publish(layout, "blue")
    assert served(layout, "index.html") == ["build 1"]


def test_WEB_16_a_page_without_its_script_is_refused(tmp_path: Path, release: Path) -> None:
    (release / "dist" / "assets" / "a-01234567.js").unlink()
    with pytest.raises(ReleaseError, match=r"names /assets/a-01234567\.js"):
        mounted.require(definition(tmp_path / "d"), release)


def served(layout: Layout, path: str) -> list[str]:
    """What Nginx finds of a file, the live release's first."""
    places = [layout.links("_") / name for name in ("live", "1", "2", "3")]
    return [(place / path).read_text() for place in places if (place / path).exists()]


def test_WEB_16_what_is_served_changes_with_the_switch(tmp_path: Path) -> None:
    layout = Layout("app", str(tmp_path))
    for slot, tag in (("blue", "v1"), ("green", "v2")):
        folder = layout.release(tag) / "dist"
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(tag)
        (folder / f"{tag}.js").write_text(tag)
        made = definition(layout.started(slot), tag)
        definition(layout.definition(tag), tag)
        one = Built(tag, tag, built.of(made), f"2026-01-0{tag[1]}T00:00:00Z", "")
        layout.facts(tag).mkdir(parents=True, exist_ok=True)
        built.write(layout, tag, [one])
        layout.slot(slot).parent.mkdir(parents=True, exist_ok=True)
        layout.slot(slot).symlink_to(layout.release(tag))
    assert not assets.current(layout, "blue")
    assets.publish(layout, "blue")
    assert assets.current(layout, "blue")
    assert served(layout, "index.html") == ["v1", "v2"]
    assets.publish(layout, "green")
    assert served(layout, "index.html") == ["v2", "v1"]
    assert served(layout, "v1.js") == ["v1"]
    # one that has no mounts has none served
    gone = json.loads((layout.started("blue") / "release.json").read_text())
    (layout.started("blue") / "release.json").write_text(json.dumps({**gone, "mounts": []}))
    assets.publish(layout, "blue")
    assert served(layout, "index.html") == []
