"""Which of a process's last lines are shown: its end, and the error where that lies before it."""

from __future__ import annotations

import re

READ = 250  # lines of the journal that are looked at
SHOWN = 25  # lines that are shown of them
# A line that says what was wrong, as Python, Node.js, Java and others write it.
_ERROR = re.compile(
    r"^\s*(?:[\w.$-]*(?:Error|Exception)|error|fatal|panic)\b[^:]*: ", re.IGNORECASE
)


def end(lines: list[str]) -> list[str]:
    """The last lines. Where none of them says what was wrong, since all that an error object holds
    was printed behind it, the last line before them that does comes first.

    >>> end(["QueryError: no such table {", *["  detail: undefined,"] * 30])[:2]
    ['QueryError: no such table {', '…']
    """
    before, last = lines[:-SHOWN], lines[-SHOWN:]
    if any(_ERROR.match(line) for line in last):
        return last
    error = next((line for line in reversed(before) if _ERROR.match(line)), "")
    return [error, "…", *last] if error else last
