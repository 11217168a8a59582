"""Which release a rollback goes to, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.app.host import built as builds
from roles.app.host import deploy, record, rollback
from roles.app.host.errors import ReleaseError
from roles.app.host.layout import Layout
from roles.app.rollback import earlier
from roles.core.errors import OperatorError
from roles.core.host import disk

COMMIT = "0123456789abcdef"


def entry(tag: str, outcome: str = "live", back: bool = False) -> dict:
    return {"tag": tag, "commit": f"{tag}-{COMMIT}", "outcome": outcome, "who": "ann", "back": back}


def back(tag: str) -> dict:
    return entry(tag, back=True)


def bad(tag: str) -> dict:
    return entry(tag, "failed")


@pytest.mark.parametrize(
    ("entries", "live", "expected"),
    [
        ([], None, None),
        ([entry("v1")], "v1", None),
        ([entry("v1"), entry("v2")], "v2", "v1"),
        ([entry("v1"), entry("v2"), bad("v3")], "v2", "v1"),
        # One step further each time, never back to what was left.
        ([entry("v1"), entry("v2"), entry("v3"), back("v2")], "v2", "v1"),
        ([entry("v1"), entry("v2"), entry("v3"), back("v2"), back("v1")], "v1", None),
        ([entry("v1"), entry("v2"), entry("v3"), back("v1"), entry("v4")], "v4", "v1"),
        # A tag that is deployed once more is the newest again.
        ([entry("v1"), entry("v2"), entry("v1")], "v1", "v2"),
        ([entry("v1"), entry("v2"), entry("v2")], "v2", "v1"),
        # What failed since it was live is not gone back to.
        ([entry("v1"), entry("v2"), entry("v3"), bad("v2")], "v3", "v1"),
        # Killed between switch and record.
        ([entry("v1")], "v2", "v1"),
    ],
)
def test_REL_02_the_one_before(entries: list, live: str | None, expected: str | None) -> None:
    assert record.previous(entries, live) == expected


def host(tmp_path: Path, live: str, entries: list[dict], built: set[str]) -> Layout:
    layout = Layout("shop", root=str(tmp_path))
    layout.releases.mkdir(parents=True)
    for one in entries:
        record.append(layout.record, **one)
    for tag in built:
        layout.release(tag).mkdir()
        layout.definition(tag).mkdir(parents=True)
        definition = {"tag": tag, "commit": "c", "identity": "i", "processes": {}, "health": {}}
        disk.write_json(layout.definition(tag) / "release.json", definition)
        made = builds.identity({}, {})
        builds.write(layout, tag, [builds.Built(tag, f"{tag}-{COMMIT}", made, "1", "digest")])
    if live:
        layout.started("blue").mkdir(parents=True)
        values = {"tag": live, "commit": "c", "identity": "i", "processes": {}, "health": {}}
        disk.write_json(layout.started("blue") / "release.json", values)
        disk.link(layout.live, layout.run("blue"))
    return layout


def test_REL_02_a_built_release_and_a_pruned_one(tmp_path: Path) -> None:
    entries = [entry("v1"), entry("v2"), entry("v3")]
    layout = host(tmp_path, "v3", entries, {"v2", "v3"})
    assert rollback.target(layout) == rollback.Target("v2", f"v2-{COMMIT}", True, "v3")
    assert rollback.target(layout, "v1") == rollback.Target("v1", f"v1-{COMMIT}", False, "v3")


def test_DB_10_a_release_of_former_passwords_is_told_from_the_others(tmp_path: Path) -> None:
    layout = host(tmp_path, "v2", [entry("v1"), entry("v2")], {"v1", "v2"})
    now = "DATABASE_URL='postgresql://app_b:new@h/app'\nREDIS_URL='r'\nSECRET_KEY='k'\n"
    (layout.started("blue") / "env").write_text(now + "RELEASE='v2'\n")
    former = layout.definition("v1") / "env"
    former.write_text(now + "RELEASE='v1'\n")
    assert rollback.target(layout).outdated == ()
    former.write_text(now.replace("app_b:new", "app:old").replace("'k'", "'former'"))
    assert rollback.target(layout).outdated == ("DATABASE_URL", "SECRET_KEY")
    before = layout.record.read_text()
    layout.lock.parent.mkdir(parents=True)
    with pytest.raises(ReleaseError, match="another DATABASE_URL, SECRET_KEY than now"):
        deploy.activate(layout, "v1", "ann", look=False)
    assert layout.record.read_text() == before


@pytest.mark.parametrize(
    ("live", "entries", "wanted", "reason"),
    [
        ("", [], None, "nothing is live on this host yet"),
        ("v1", [entry("v1")], None, "nothing to go back to: no good release was before v1"),
        ("v2", [bad("v1"), entry("v2")], None, "nothing to go back to"),
        ("v1", [entry("v1")], "v9", r"v9 has never been live on this host \(v1 have been\)"),
        ("v2", [bad("v1"), entry("v2")], "v1", "v1 has never been live"),
        ("v3", [entry("v1"), entry("v3"), bad("v1")], "v1", "v1 failed when it was last tried"),
    ],
)
def test_REL_02_refuses(
    tmp_path: Path, live: str, entries: list, wanted: str | None, reason: str
) -> None:
    layout = host(tmp_path, live, entries, set())
    with pytest.raises(ReleaseError, match=reason):
        rollback.target(layout, wanted)


def test_an_answer_that_is_no_plan_is_the_refusal() -> None:
    with pytest.raises(OperatorError, match=r"^\[one\] there is nothing\nat all$"):
        earlier({"one": ["there is nothing", "at all"]}, "one")
