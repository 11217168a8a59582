"""What a look finds: a line each, and how bad it is."""

from __future__ import annotations

from dataclasses import dataclass

WARNING, UNKNOWN, NOTE = "warning", "could not look", "note"
LONGEST = 400  # characters of one line


class CouldNotLook(Exception):
    """There is no answer, and none is not a good one. Says why, in one line."""


@dataclass(frozen=True)
class Finding:
    """One line. about: what it is about, for programs, such as `runtime`; level: WARNING when
    somebody has to do something, UNKNOWN when nobody could tell, NOTE when it is good to know."""

    about: str
    level: str
    text: str


def warning(about: str, text: str) -> Finding:
    return Finding(about, WARNING, printable(text))


def unknown(about: str, text: str) -> Finding:
    return Finding(about, UNKNOWN, printable(text))


def note(about: str, text: str) -> Finding:
    return Finding(about, NOTE, printable(text))


def printable(text: str) -> str:
    """One line that a terminal shows as it is: names of packages and answers of registries are
    somebody else's text."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def some(names: list[str], shown: int = 6) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + more


def last_line(said: str) -> str:
    """The last line of what a program said: errors end with what it is about."""
    return (said.strip().splitlines() or ["it said nothing"])[-1]
