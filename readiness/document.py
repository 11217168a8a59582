"""docs/readiness.md: its lists are the catalogue's, all else in it is written by hand."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from .catalogue import LINES, Line
from .markdown import item

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "readiness.md"


def written() -> dict[Path, str]:
    """The committed file that the catalogue is in, with its content."""
    text = DOCUMENT.read_text("utf-8")
    for area, lines in groupby(LINES, lambda line: line.area):
        items = "".join(map(_item, lines))
        prose = r"(?:(?!## |```|- \*\*).+\n|\n)*"
        head = rf"(^## {re.escape(area)}\n{prose})(?:- \*\*.*\n(?:  .*\n)*)+"
        if not (found := re.search(head, text, re.MULTILINE)):
            raise ValueError(f"{DOCUMENT.name} has no list below {area}")
        text = text[: found.start()] + found[1] + items + text[found.end() :]
    return {DOCUMENT: text}


def _item(line: Line) -> str:
    settings = ", ".join(f"`{key}`" for key in line.settings)
    return item(f"**{line.id}**: {line.what}" + (f" ({settings})" if settings else ""))
