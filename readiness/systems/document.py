"""docs/systems.md: each system's checklist with the lines of the catalogue that make it true, and
where those are proven; its head is written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from readiness.catalogue import BY_ID

from . import SYSTEMS, System

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "systems.md"
MARK = "## The checklists\n"
NAMED = re.compile(r"def test_([A-Z]+_[0-9]{2})_")


def written() -> dict[Path, str]:
    """The committed file, with its content."""
    head, found, _ = DOCUMENT.read_text("utf-8").partition(MARK)
    if not found:
        raise ValueError(f"{DOCUMENT.name} has no heading {MARK.strip()}")
    return {DOCUMENT: head + MARK + "".join(f"{line}\n" for line in _lines())}


def proofs() -> dict[str, list[str]]:
    """The test files on real hosts that are named after a line, by its id."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").glob("*/test_*.py")):
        if file.parent.name != "unit":
            for id in sorted({name.replace("_", "-") for name in NAMED.findall(file.read_text())}):
                found.setdefault(id, []).append(str(file.relative_to(ROOT / "tests")))
    return found


def _lines() -> Iterator[str]:
    for system in SYSTEMS:
        yield from _section(system)
    yield from ("", "## Where each is proven", "", "| id | tests, on real hosts |", "| --- | --- |")
    by_id = proofs()
    for id in sorted({id for system in SYSTEMS for wish in system.wishes for id in wish.ids}):
        tests = ", ".join(f"`{name}`" for name in by_id.get(id, ()))
        if id in BY_ID:
            yield f"| {id} | {tests or '`unit/project/test_workflows.py`'} |"


def _section(system: System) -> Iterator[str]:
    yield from ("", f"### {system.name}", "")
    yield f"{system.id}: [{system.example}](../examples/{system.example}), `tests/{system.tests}`."
    yield from ("", "| what its owners ask for | lines | |", "| --- | --- | --- |")
    for wish in system.wishes:
        ids = " ".join(id if id in BY_ID else f"{id} (not yet)" for id in wish.ids)
        yield f"| {wish.text} | {ids} | {wish.note and wish.note + ' '}|"
