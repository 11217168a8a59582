"""docs/readiness.md as data: its lines, their settings, and the commands that look at a host."""

from __future__ import annotations

import re
from pathlib import Path

from readiness.catalogue import LINES

DOCUMENT = Path(__file__).parents[2] / "docs" / "readiness.md"
ID = re.compile(r"[A-Z]+-[0-9]{2}")
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def lines() -> dict[str, list[str]]:
    """The keys of the settings that each line names, by its id."""
    return {line.id: list(line.settings) for line in LINES}


def missing() -> set[str]:
    """Ids of what is not made true yet."""
    return set(ID.findall(DOCUMENT.read_text().split("## Not made true yet")[1]))


def commands(domain: str) -> list[tuple[str, str]]:
    """The id and the command of each look at a host, in order."""
    looks, current = [], ""
    blocks = "".join(BLOCK.findall(DOCUMENT.read_text()))
    for line in re.sub(r" *\\\n *", " ", blocks).splitlines():
        if line.startswith("# "):
            current = line[2:]
        else:
            looks.append((current, line.replace("your.domain", domain)))
    return looks
