"""releases.jsonl: who made what live when, and how it ended."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from roles.core.host import journal
from roles.core.host.clock import stamp


def append(path: Path, **entry: Any) -> None:
    """Add one line, on the disk when this returns."""
    journal.append(path, {"when": stamp(), **entry})


read = journal.read


def moment(entry: dict[str, Any]) -> float:
    """When an entry was made, seconds of the epoch; 0 where it does not say."""
    try:
        return datetime.strptime(entry.get("when", ""), "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except ValueError:
        return 0


def lived(entries: list[dict[str, Any]]) -> list[str]:
    """All tags that have been live, the last one that was made so at the end."""
    tags = [entry["tag"] for entry in entries if entry.get("outcome") == "live"]
    return list(reversed(dict.fromkeys(reversed(tags))))


def way(entries: list[dict[str, Any]]) -> list[str]:
    """The tags that lead to what is live, oldest first: a deploy goes on from there, a rollback
    goes back to where that tag was, so that what was left is not come back to."""
    tags: list[str] = []
    for entry in entries:
        if entry.get("outcome") != "live":
            continue
        tag = entry["tag"]
        if entry.get("back") and tag in tags:
            del tags[tags.index(tag) + 1 :]
        else:
            tags = [*(other for other in tags if other != tag), tag]
    return tags


def failure(entries: list[dict[str, Any]], tag: str) -> str | None:
    """Why the last attempt to have `tag` live failed; None when it did not.

    A change of settings that failed says nothing of the release that it was tried on.
    """
    for entry in reversed(entries):
        if entry.get("tag") == tag and entry.get("outcome") == "live":
            return None
        if entry.get("tag") == tag and entry.get("from") != tag:
            return str(entry.get("reason", "it was not said why"))
    return None


def previous(entries: list[dict[str, Any]], live: str | None) -> str | None:
    """The tag that a rollback from `live` goes to: the one before it that has not failed since."""
    tags = way(entries)
    before = tags[: tags.index(live)] if live in tags else tags
    return next((tag for tag in reversed(before) if failure(entries, tag) is None), None)
