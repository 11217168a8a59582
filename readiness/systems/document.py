"""docs/systems.md: each system's checklist with the lines of the catalogue that make it true, and
where those are proven; its head is written by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from readiness.catalogue import BY_ID
from readiness.markdown import item

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
    return {DOCUMENT: head + MARK + "".join(_lines())}


def proofs() -> dict[str, list[str]]:
    """The test files on real hosts that are named after a line, by its id."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        name = file.relative_to(ROOT / "tests")
        if name.parts[0] != "unit":
            for id in sorted({id.replace("_", "-") for id in NAMED.findall(file.read_text())}):
                found.setdefault(id, []).append(str(name))
    return found


def _lines() -> Iterator[str]:
    for system in SYSTEMS:
        yield from _section(system)
    yield "\n## Where each is proven\n\nThe tests of each line, on real hosts.\n\n"
    by_id = proofs()
    for id in sorted({id for system in SYSTEMS for wish in system.wishes for id in wish.ids}):
        tests = ", ".join(f"`{name}`" for name in by_id.get(id, ()))
        if id in BY_ID:
            yield item(f"{id}: {tests or '`unit/project/test_workflows.py`'}")


def _section(system: System) -> Iterator[str]:
    yield f"\n### {system.name}\n\n"
    yield f"{system.id}: [{system.example}](../examples/{system.example}).\n"
    yield f"Its test is `tests/{system.tests}`.\n\n"
    yield "What its owners ask for, and the lines that have it:\n\n"
    for wish in system.wishes:
        ids = " ".join(id if id in BY_ID else f"{id} (not yet)" for id in wish.ids)
        yield item(f"{wish.text}: {ids}" + (f" ({wish.note})" if wish.note else ""))
