"""systemd's calendar expressions, checked without a systemd (the operator may have none): those of
its parser, and fewer (systemd.time(7), calendarspec.c of systemd 249)."""

from __future__ import annotations

import re
import zoneinfo
from itertools import product

from roles.core import cron

_SHORTHANDS = {
    *("minutely", "hourly", "daily", "weekly", "monthly"),
    *("quarterly", "semiannually", "yearly", "annually"),
}
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DAYS = re.compile(rf"{_DAY}(?:(?:\.\.|,){_DAY})*", re.IGNORECASE)
_LIMITS = {
    "year": (1970, 2199), "month": (1, 12), "day": (1, 31), "day from the end": (1, 28),
    "hour": (0, 23), "minute": (0, 59), "second": (0, 59),
}  # fmt: skip
_NONE = "is not a calendar expression, like '*-*-* 03:15'"


def calendar(text: str) -> str:
    """Accept an OnCalendar expression. Raises ValueError that says which part is wrong."""
    words = text.split()
    if not words or text != " ".join(words):
        raise ValueError(_NONE)
    if words[0].lower() in _SHORTHANDS and len(words) == 1:
        return text
    count = len(words)
    if _DAYS.fullmatch(words[0]):
        _days(words.pop(0))
    if words and "-" in words[0]:
        _date(words.pop(0))
    if words and ":" in words[0]:
        _time(words.pop(0))
    if len(words) == count:
        raise ValueError(_NONE)  # a time zone alone
    if words:
        _zone(words.pop(0))
    if words:
        raise ValueError(f"has a part that no calendar expression has: {words[0]!r}")
    return text


def _zone(name: str) -> None:
    if not re.fullmatch(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z_+-]+){1,2}", name):
        raise ValueError(_NONE)
    # An operator's machine without a time zone database cannot tell right from wrong.
    known = zoneinfo.available_timezones()
    if known and name not in known:
        raise ValueError(f"has a time zone that is none: {name!r}")


def _days(text: str) -> None:
    """Names, or their first three letters; a range goes from Monday on to Sunday."""
    for item in text.lower().split(","):
        found = []
        for name in item.split(".."):
            if name not in _WEEK and name not in {day[:3] for day in _WEEK}:
                raise ValueError(f"has a day of the week that is none: {name!r}")
            found.append(next(n for n, day in enumerate(_WEEK) if day.startswith(name)))
        if len(found) > 2 or found != sorted(found):
            raise ValueError(f"has a range of days that ends before it begins: {item!r}")


def _date(text: str) -> None:
    parts = re.split(r"[-~]", text)
    if len(parts) == 3:
        year = parts.pop(0)
        if year != "*" and not re.fullmatch(r"\d{4}", year[:4]):
            raise ValueError(f"has a year that is none: {year!r}")
        _component("year", year)
    if len(parts) != 2 or "~" in text[: -len(parts[-1]) - 1]:
        raise ValueError(f"has a date that is none: {text!r}")
    months = _component("month", parts[0])
    days = _component("day from the end" if "~" in text else "day", parts[1])
    if "~" not in text and not any(day <= cron.DAYS[month] for day, month in product(days, months)):
        raise ValueError(f"never comes: there is no such day: {text!r}")


def _time(text: str) -> None:
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise ValueError(f"has a time that is none: {text!r}")
    for unit, part in zip(("hour", "minute", "second"), parts, strict=False):
        _component(unit, part)


def _component(unit: str, text: str) -> set[int]:
    """What `*`, a number, a list, a range `a..b`, each with an optional repetition `/n`, name."""
    low, high = _LIMITS[unit]
    if text == "*":
        return set(range(low, high + 1))
    found: set[int] = set()
    for item in text.split(","):
        match = re.fullmatch(r"(\d{1,4})(?:\.\.(\d{1,4}))?(?:/(\d{1,4}))?", item, re.ASCII)
        if not match:
            raise ValueError(f"has a {unit} that is none: {item!r}")
        start, end, step = (int(group) if group else None for group in match.groups())
        assert start is not None  # noqa: S101 - for the type checker
        for number in (start, end):
            if number is not None and not low <= number <= high:
                raise ValueError(f"has a {unit} outside of {low} to {high}: {number}")
        # A range of one second is none to systemd, one of anything else is.
        if end is not None and end < start + (unit == "second"):
            raise ValueError(f"has a range of {unit}s that ends before it begins: {item!r}")
        if step == 0:
            raise ValueError(f"repeats every 0 {unit}s: {item!r}")
        last = _last(unit, start, end, step)
        if step and not (step <= high - low and low <= last <= high):
            raise ValueError(f"repeats a {unit} that does not come again: {item!r}")
        found |= set(range(start, (end or (high if step else start)) + 1, step or 1))
    return found


def _last(unit: str, start: int, end: int | None, step: int | None) -> int:
    """Where the first repetition is, which must be within the unit's limits."""
    if end is not None or not step:
        return start
    return start - step if unit == "day from the end" else start + step
