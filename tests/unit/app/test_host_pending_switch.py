"""A switch that is not finished is found, whichever version of the program left it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.app.host import abort, deploy, finish, lock, pending_switch
from roles.app.host.layout import Layout
from roles.app.host.pending_switch import PendingSwitch

# As the program of 0.1.0 wrote /etc/NAME/trial.json.
FORMER = """{
 "slot": "green",
 "identity": "4711",
 "entry": {
  "who": "ann",
  "tag": "v2",
  "commit": "0123456789abcdef",
  "identity": "4711",
  "from": "v1",
  "back": true,
  "seconds": 3.1
 },
 "watched": true,
 "verdict": ""
}
"""


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A host whose live slot is green."""
    found = Layout("shop", str(tmp_path))
    for folder in (found.etc, found.home, found.lock.parent):
        folder.mkdir(parents=True)
    found.live.symlink_to(found.run("green"))
    return found


@pytest.fixture
def upgraded(layout: Layout) -> Layout:
    """A host where an earlier version was killed in the middle of a switch."""
    (layout.etc / "trial.json").write_text(FORMER)
    return layout


def test_what_an_earlier_version_left_is_found_and_ended(upgraded: Layout) -> None:
    left = pending_switch.read(upgraded)
    assert pending_switch.exists(upgraded)
    assert left and (left.slot, left.identity, left.watched) == ("green", "4711", True)
    assert left.entry["from"] == "v1" and left.entry["back"] is True
    pending_switch.write(upgraded, left)  # with a verdict, say: the new name is what counts
    assert upgraded.pending.exists()
    pending_switch.end(upgraded)
    assert not pending_switch.exists(upgraded)
    assert list(upgraded.etc.iterdir()) == []
    pending_switch.end(upgraded)


def test_the_next_release_finishes_it(upgraded: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything else: what is wanted now may be the same or another one."""
    finished: list[PendingSwitch] = []

    class Reached(Exception):
        """What comes after it is of no interest here."""

    def note(layout: Layout, pending: PendingSwitch, *_: object) -> None:
        finished.append(pending)
        raise Reached

    class Wanted:
        identity, watch = "4711", {"seconds": 1}

    monkeypatch.setattr(finish, "finish", note)
    with pytest.raises(Reached):
        deploy._make_live(upgraded, Wanted(), "bob", False)  # type: ignore[arg-type]
    assert [pending.entry["tag"] for pending in finished] == ["v2"]


@pytest.mark.parametrize("name", ["pending.json", "trial.json"])
def test_whoever_watches_finds_the_wish_to_abort(
    upgraded: Layout, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A program that was started before the upgrade looks for /etc/NAME/back, ours for abort."""
    (upgraded.etc / "trial.json").rename(upgraded.etc / name)
    seen: list[list[str]] = []

    def watching(said: str) -> None:
        wishes = {"abort", "back"}
        seen.append(sorted(wishes & {path.name for path in upgraded.etc.iterdir()}))
        assert abort.requested(upgraded) == "ann rolled it back"
        pending_switch.end(upgraded)

    with lock.held(upgraded.lock, "bob", "release v2"):
        abort.abort_watch(upgraded, None, "ann", watching)
    assert seen == [["abort" if name == "pending.json" else "back"]]
    assert list(upgraded.etc.iterdir()) == []
