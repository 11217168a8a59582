"""Text of others as it may be shown at a terminal, the operator's or one of the host."""

from __future__ import annotations

import re

_SHOWN = r"(?:0|1|22|39|3[1-7]|9[0-7])"
_COLOUR = re.compile(rf"(\x1b\[(?:{_SHOWN}(?:;{_SHOWN})*)?m)")
"""pyinfra's own; whoever else uses them has coloured a line. No background and nothing that hides
(8, black), under which the lines that follow could not be read."""


def plain(text: str) -> str:
    """A text in which nothing but colours, tabs and ends of lines is more than it seems.

    >>> plain("ü\\x1b[31m\\x1b]0;title\\x07\\r")
    'ü\\x1b[31m\\\\x1b]0;title\\\\x07\\\\r'
    >>> plain("\\x1b[8mhidden\\x1b[0m")
    '\\\\x1b[8mhidden\\x1b[0m'
    """
    if text.isprintable():
        return text
    parts = _COLOUR.split(text)
    return "".join(part if number % 2 else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    return "".join(c if c.isprintable() or c in "\t\n" else repr(c)[1:-1] for c in text)


def one_line(name: str) -> str:
    """A name of others, such as a file's, which may be any text, as one plain line.

    >>> one_line("a\\n=> b\\udcff")
    'a\\\\n=> b\\\\udcff'
    """
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)
