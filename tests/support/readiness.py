"""docs/readiness.md as data: its lines, its settings, and the commands that look at a host."""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "readiness.md"
ID = re.compile(r"[A-Z]+-[0-9]{2}")
ROW = re.compile(rf"^\| ({ID.pattern}) \| .* \|(.*)\|$", re.MULTILINE)
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def lines() -> dict[str, list[str]]:
    """The keys of the settings that each line names, by its id."""
    return {
        found[1]: re.findall(r"`([a-z_.]+)`", found[2])
        for found in ROW.finditer(DOCUMENT.read_text())
    }


def missing() -> set[str]:
    """Ids of what is not made true yet."""
    return set(ID.findall(DOCUMENT.read_text().split("## Not made true yet")[1]))


def commands(domain: str) -> list[tuple[str, str]]:
    """The id and the command of each look at a host, in order."""
    looks, current = [], ""
    for line in "".join(BLOCK.findall(DOCUMENT.read_text())).splitlines():
        if line.startswith("# "):
            current = line[2:]
        else:
            looks.append((current, line.replace("your.domain", domain)))
    return looks
