"""What a host says to whoever sits at a terminal: it may move the cursor there, and gives the
terminal itself no orders.

Whoever has taken an application over writes what a command prints. A terminal takes orders among
that: titles, what is put onto the clipboard, files to keep, questions that it answers as if
somebody had typed.
"""

from __future__ import annotations

import re

from roles.core.plain import plain

_TEXT = rb"[^\x07\x1b\r\n\x18\x1a]*"
# Whole and known: cursor, colours, modes, keys. Not the window's (t) and the printer's (i), and of
# questions the cursor's place alone, which line editors need: others tell what is on the screen, as
# checksums of its parts, and are answered as if it was typed.
_SEQUENCE = (
    rb"(?:[0-9;:]*[@-HIJ-MPSTXZ^`abdefghlmrsu]|6n|\?[0-9;]*[hlrsJK]|>[0-9;]*m|[<=>][0-9;]*u"
    rb"|[0-9]* q|!p)"
)
# Sets of letters, lines of double size. Not another encoding (%), in which bytes are orders that
# are parts of letters in UTF-8; nor answers of such bytes.
_ALLOWED = rb"\x1b(?:\[" + _SEQUENCE + rb"|[(-/]+[0-~]|#[3-8]|[0-OQ-WY`-~\\])"
# All else is dropped whole: editors try much of it when they start.
_ORDER = (
    rb"\x1b[\]PX^_]" + _TEXT + rb"(?:\x07|\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[ -/]+[0-~]|\x1bZ"
)
# Of the control characters of one byte, as UTF-8 has them, none is needed; nor is a question (5).
_OTHER = rb"\x1b|\xc2(?![\xa0-\xbf])|\x05"
_PARTS = re.compile(rb"(%s)|(%s)|%s" % (_ALLOWED, _ORDER, _OTHER))
_UNFINISHED = re.compile(rb"(?:\x1b(?:\[[0-?]*[ -/]*|[ -/]+|[\]PX^_]" + _TEXT + rb"\x1b?)?|\xc2)\Z")
_LONGEST = 4096  # bytes of a sequence that are waited for


class Screen:
    """The words of a program that has the terminal, piece by piece."""

    def __init__(self) -> None:
        self._held = b""

    def shown(self, more: bytes, *, last: bool = False) -> bytes:
        """What of them goes on.

        >>> Screen().shown(b"\\x1b]0;a title\\x07\\x1b[1;2Hword", last=True)
        b'\\x1b[1;2Hword'
        """
        text = self._held + more
        unfinished = None if last else _UNFINISHED.search(text)
        at = unfinished.start() if unfinished else len(text)
        self._held = _bounded(text[at:])
        return _PARTS.sub(_part, text[:at])


class Lines:
    """The words of a program that does not have it: they are no more than they seem."""

    def __init__(self) -> None:
        self._held = b""

    def shown(self, more: bytes, *, last: bool = False) -> bytes:
        """What of them goes on: whole lines."""
        text = self._held + more
        at = len(text) if last or len(text) > _LONGEST else text.rfind(b"\n") + 1
        self._held = text[at:]
        return plain(text[:at].decode(errors="replace").replace("\r\n", "\n")).encode()


def _bounded(held: bytes) -> bytes:
    """Of an order that does not end it is enough to know that it is one."""
    if len(held) <= _LONGEST:
        return held
    return held[:2] + (b"\x1b" if held.endswith(b"\x1b") else b"")


def _part(found: re.Match[bytes]) -> bytes:
    if found[1]:
        return found[1]
    if found[2]:
        return b""
    return b"^[" if found[0] == b"\x1b" else b"?"
