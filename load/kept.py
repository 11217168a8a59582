"""Where tests are kept: reports/ENV/load/, one file each, and the page of the last one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from readiness.output.files import write

FOLDER = Path(__file__).resolve().parents[1] / "reports"


def folder(environment: str, root: Path | None = None) -> Path:
    return (root or FOLDER) / environment / "load"


def named(when: float) -> str:
    """
    >>> named(0)
    '1970-01-01T000000Z'
    """
    return datetime.fromtimestamp(when, timezone.utc).strftime("%Y-%m-%dT%H%M%SZ")


def keep(place: Path, found: Mapping[str, Any], page: str) -> Path:
    """Returns the page's file."""
    name = named(found["begin"])
    write(place, {f"{name}.json": json.dumps(found), f"{name}.html": page})
    return place / f"{name}.html"


def all_of(place: Path) -> list[dict[str, Any]]:
    """The tests so far, the oldest first; what cannot be read is passed over."""
    found = []
    for path in sorted(place.glob("*.json")):
        try:
            one = json.loads(path.read_text("utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(one, dict) and one.get("version") == 1:
            found.append(one)
    return found


def before(place: Path, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The last whole one of the same scenario, host, kind and stages."""
    same = ("kind", "host", "application", "scenario", "plan")
    for one in reversed(all_of(place)):
        if all(one.get(key) == found.get(key) for key in same) and not one.get("abort"):
            return one
    return None
