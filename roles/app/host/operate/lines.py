"""Lines of the journal and of Nginx's logs as `logs` shows them: `TIME WHO TEXT`, which sorts."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from typing import Any

_ACCESS = re.compile(r'^\{"time":"([^"]+)"')
_ERROR = re.compile(r"^(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) ")
_UNIT = re.compile(r"-(blue|green)(?=[@.])|\.service$")

Reader = Callable[[str], "Iterator[str]"]


def each(read: Reader, raw: Iterable[bytes]) -> Iterator[str]:
    """All lines that `read` makes of raw ones."""
    for line in raw:
        if line:
            yield from read(line.decode(errors="replace"))


def journal(text: str) -> Iterator[str]:
    """Of an entry of `journalctl -o json`: a line for each of its message's."""
    try:
        entry: dict[str, Any] = json.loads(text)
        when = stamp(int(entry["__REALTIME_TIMESTAMP"]) / 1e6)
    except (ValueError, KeyError, TypeError):
        return
    # What is not UTF-8, or not printable, comes as numbers.
    message = entry.get("MESSAGE") or ""
    if isinstance(message, list):
        message = bytes(b for b in message if isinstance(b, int) and b < 256).decode(
            errors="replace"
        )
    unit = str(entry.get("_SYSTEMD_UNIT") or entry.get("UNIT") or entry.get("SYSLOG_IDENTIFIER"))
    if str(entry.get("_PID")) == "1":
        unit = str(entry.get("UNIT") or unit)
    for part in str(message).splitlines():
        yield f"{when} {_UNIT.sub('', unit)} {printable(part)}"


def access(text: str) -> Iterator[str]:
    """Of a line of Nginx's access.log, which has the time first."""
    if match := _ACCESS.match(text):
        try:
            when = datetime.fromisoformat(match[1])
        except ValueError:
            return
        yield f"{stamp(when.timestamp())} nginx {printable(text)}"


def error(text: str) -> Iterator[str]:
    """Of a line of Nginx's error.log, in the host's own time."""
    if match := _ERROR.match(text):
        when = time.mktime(time.strptime(match[1], "%Y/%m/%d %H:%M:%S"))
        yield f"{stamp(when)} nginx-error {printable(text[match.end() :])}"


def stamp(seconds: float) -> str:
    """A time in UTC, always of the same width."""
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def printable(text: str) -> str:
    """A line that does nothing to a terminal, whatever a visitor or a process put into it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in text)
