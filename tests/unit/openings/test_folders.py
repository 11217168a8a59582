"""Whose a folder was at a moment of a trace, by whichever call it was given."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

PLACE = Path(__file__).parents[2] / "openings"
RELEASE = "/srv/app/releases/v1"


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> Any:
    """As on the box, where its files stand beside each other."""
    monkeypatch.syspath_prepend(str(PLACE))
    for name in ("openings", "calls"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    import openings as module  # type: ignore[import-not-found]

    return module


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (("chown", f'"{RELEASE}", 999, 999'), ("fchown", f"5<{RELEASE}>, 0, 0")),
        (("fchown", f"5<{RELEASE}>, 999, 999"), ("chown", f'"{RELEASE}", 0, 0')),
        (
            ("fchownat", '5</srv/app/releases>, "v1", 999, 999, AT_SYMLINK_NOFOLLOW'),
            ("fchownat", '5</srv/app/releases>, "v1", 0, 0, AT_SYMLINK_NOFOLLOW'),
        ),
    ],
)
def test_SEC_03_a_folder_is_its_owners_while_he_has_it(
    openings: Any, given: tuple[str, str], taken: tuple[str, str]
) -> None:
    folders = openings.Folders()

    def note(name: str, words: str) -> None:
        folders.note(openings.Call(name, words, "0", 0, "/", "app-release", frozenset()))

    note(*given)
    look = openings.Call("openat", "", "3", 0, "/", "app-release", frozenset())
    assert openings.astray(look, "", f"{RELEASE}/static", folders) == f"{RELEASE}/static"
    note(*taken)
    assert openings.astray(look, "", f"{RELEASE}/static", folders) == ""
