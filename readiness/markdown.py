"""Lists of the generated pages: an item is wrapped, and a code span or link stays on one line."""

from __future__ import annotations

import re
from textwrap import fill

COLUMNS = 100
WHOLE = re.compile(r"`[^`]*`|\[[^\]]*\]\([^)]*\)")
SPACE = "\0"


def item(text: str) -> str:
    """`text` as an item of a list, in lines of at most 100 columns where its words allow it."""
    kept = WHOLE.sub(lambda found: found[0].replace(" ", SPACE), text)
    filled = fill(
        kept,
        COLUMNS,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return filled.replace(SPACE, " ") + "\n"
