"""What a program on a host shows at a terminal: text, and no orders to the terminal.

Visitors, builds and the application choose words that end up in reasons, names and last lines.
Whoever runs a program there by plain SSH has nobody in between who takes orders out of them. What
goes into a pipe stays as it is.
"""

from __future__ import annotations

import sys
from typing import IO, Any


def plain_terminals() -> None:
    """Let this program's words be plain where they go to a terminal."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream.isatty():
            setattr(sys, name, _Plain(stream))


def printable(text: str) -> str:
    """A text that does nothing to a terminal but end lines."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\t\n" else repr(c)[1:-1] for c in text)


class _Plain:
    """A stream that shows plain text; the rest of it is as it was."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(printable(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
