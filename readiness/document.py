"""docs/readiness.md: its tables are the catalogue's, all else in it is written by hand."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from .catalogue import LINES, Line

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "readiness.md"
HEAD = "| id | what is true | settings |\n| --- | --- | --- |\n"


def written() -> dict[Path, str]:
    """The committed file that the catalogue is in, with its content."""
    text = DOCUMENT.read_text("utf-8")
    for area, lines in groupby(LINES, lambda line: line.area):
        rows = HEAD + "".join(map(_row, lines))
        table = rf"(^## {re.escape(area)}\n(?:(?!## )[^|\n].*\n|\n)*)(?:\|.*\n)*"
        if not (found := re.search(table, text, re.MULTILINE)):
            raise ValueError(f"{DOCUMENT.name} has no heading {area}")
        text = text[: found.start()] + found[1] + rows + text[found.end() :]
    return {DOCUMENT: text}


def _row(line: Line) -> str:
    settings = ", ".join(f"`{key}`" for key in line.settings)
    return f"| {line.id} | {line.what} | {settings and settings + ' '}|\n"
