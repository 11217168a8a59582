"""Ending somebody else's watch."""

from __future__ import annotations

from pathlib import Path

from roles.app.host import abort, lock, pending_switch
from roles.app.host.layout import Layout
from roles.app.host.pending_switch import PendingSwitch


def quiet(text: str) -> None:
    assert text


def made(tmp_path: Path, *, watched: bool = True) -> Layout:
    """A host where v2 came in place of v1 and the switch is not finished."""
    layout = Layout("shop", str(tmp_path))
    for folder in (layout.etc, layout.home, layout.lock.parent):
        folder.mkdir(parents=True)
    layout.live.symlink_to(layout.run("green"))
    pending_switch.write(
        layout, PendingSwitch("green", "4711", {"tag": "v2", "from": "v1"}, watched)
    )
    return layout


def test_nobody_is_asked_to_give_up_where_nobody_watches(tmp_path: Path) -> None:
    layout = made(tmp_path)
    assert not abort.abort_watch(layout, None, "ann", quiet)  # whoever watched is dead
    assert abort.requested(layout) == ""


def test_a_release_that_is_not_watched_is_not_taken_back(tmp_path: Path) -> None:
    layout = made(tmp_path, watched=False)
    with lock.held(layout.lock, "bob", "release v2"):
        assert not abort.abort_watch(layout, None, "ann", quiet)


def test_another_release_than_the_one_before_is_not_what_the_watch_has(tmp_path: Path) -> None:
    layout = made(tmp_path)
    with lock.held(layout.lock, "bob", "release v2"):
        assert not abort.abort_watch(layout, "v0", "ann", quiet)


def test_the_watch_is_told_who_wants_it_to_end(tmp_path: Path) -> None:
    layout = made(tmp_path)
    seen: list[str] = []

    def watching(said: str) -> None:
        assert said == "v2 is being watched; it is rolled back now"
        seen.append(abort.requested(layout))
        layout.live.unlink()
        layout.live.symlink_to(layout.run("blue"))
        pending_switch.end(layout)

    with lock.held(layout.lock, "bob", "release v2"):
        assert abort.abort_watch(layout, "v1", "ann", watching)
    assert seen == ["ann rolled it back"]
    assert abort.requested(layout) == ""
