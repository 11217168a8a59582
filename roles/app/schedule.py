"""systemd's calendar expressions, checked without a systemd (the operator may have none)."""

import re

_SHORTHANDS = {
    *("minutely", "hourly", "daily", "weekly", "monthly"),
    *("quarterly", "semiannually", "yearly", "annually"),
}
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DAYS = re.compile(rf"{_DAY}(?:(?:\.\.|,){_DAY})*", re.IGNORECASE)
_LIMITS = {"month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59), "second": (0, 59)}


def calendar(text: str) -> str:
    """Accept an OnCalendar expression. Raises ValueError that says which part is wrong."""
    words = text.split()
    if not words or text != " ".join(words):
        raise ValueError("is not a calendar expression, like '*-*-* 03:15'")
    if words[0].lower() in _SHORTHANDS and len(words) == 1:
        return text
    if _DAYS.fullmatch(words[0]):
        words.pop(0)
    if words and "-" in words[0]:
        _date(words.pop(0))
    if words and ":" in words[0]:
        _time(words.pop(0))
    if words and not re.fullmatch(r"UTC|[A-Z][A-Za-z_]+(/[A-Za-z_+-]+){1,2}", words.pop(0)):
        raise ValueError("is not a calendar expression, like '*-*-* 03:15'")
    if words:
        raise ValueError(f"has a part that no calendar expression has: {words[0]!r}")
    return text


def _date(text: str) -> None:
    parts = re.split(r"[-~]", text)
    if len(parts) == 3:
        year = parts.pop(0)
        if not re.fullmatch(r"\*|\d{4}([,/.]+\d{1,4})*", year):
            raise ValueError(f"has a year that is none: {year!r}")
    if len(parts) != 2:
        raise ValueError(f"has a date that is none: {text!r}")
    _component("month", parts[0])
    _component("day", parts[1])


def _time(text: str) -> None:
    parts = text.split(":")
    if len(parts) not in (2, 3):
        raise ValueError(f"has a time that is none: {text!r}")
    units = ("hour", "minute", "second")[: len(parts)]
    for index, unit in enumerate(units):
        _component(unit, parts[index])


def _component(unit: str, text: str) -> None:
    """`*`, a number, a list, a range `a..b`, each with an optional repetition `/n`."""
    low, high = _LIMITS[unit]
    for item in text.split(","):
        match = re.fullmatch(r"(?:\*|(\d{1,2})(?:\.\.(\d{1,2}))?)(?:/(\d{1,2}))?", item)
        if not match:
            raise ValueError(f"has a {unit} that is none: {item!r}")
        start, end, step = (int(group) if group else None for group in match.groups())
        for number in (start, end):
            if number is not None and not low <= number <= high:
                raise ValueError(f"has a {unit} outside of {low} to {high}: {number}")
        if start is not None and end is not None and end < start:
            raise ValueError(f"has a range of {unit}s that ends before it begins: {item!r}")
        if step == 0:
            raise ValueError(f"repeats every 0 {unit}s: {item!r}")
