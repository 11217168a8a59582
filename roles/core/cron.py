"""cron's five fields: what they say comes some day (crontab(5))."""

from __future__ import annotations

import re
from itertools import product

FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
DAYS = dict(zip(range(1, 13), (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMED = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b")
# A number, or a range with or without a step: cron refuses 5/2.
_ITEM = re.compile(r"(?:([0-9]{1,2})|(?:\*|([0-9]{1,2})-([0-9]{1,2}))(?:/([0-9]{1,2}))?)")


def schedule(text: str) -> str:
    """Accept the time of a crontab's line. Raises ValueError that says which field is wrong, or
    that the day never comes."""
    words = text.split()
    # Spaces alone: another white space may end the crontab's line, and cron ignores the whole file.
    if len(words) != len(FIELDS) or not re.fullmatch(r"\S+( +\S+)*", text):
        raise ValueError("is not a time as cron says it, like '10 2 * * *'")
    found = [_field(word, *field) for word, field in zip(words, FIELDS, strict=True)]
    days, months = found[2], found[3]
    # A weekday beside a date is another day, not the same; one that begins with * is none.
    comes = words[4][0] != "*" or any(day <= DAYS[month] for day, month in product(days, months))
    if not comes:
        raise ValueError(f"never comes: no month of {words[3]!r} has a day {words[2]!r}")
    return text


def _field(text: str, unit: str, low: int, high: int) -> set[int]:
    """What `*`, numbers, ranges and their steps name."""
    found: set[int] = set()
    text = text.lower()
    if unit == "weekday":
        text = _NAMED.sub(lambda name: str(WEEKDAYS.index(name[0])), text)
    for item in text.split(","):
        match = _ITEM.fullmatch(item)
        if not match:
            raise ValueError(f"has a {unit} that is none: {item!r}")
        one, first, last, step = (int(group) if group else None for group in match.groups())
        begin, end = (one, one) if one is not None else (low, high)
        if first is not None and last is not None:
            begin, end = first, last
        if not low <= begin <= end <= high:
            raise ValueError(f"has a {unit} outside of {low} to {high}: {item!r}")
        if step == 0:
            raise ValueError(f"repeats every 0 {unit}s: {item!r}")
        found |= set(range(begin, end + 1, step or 1))
    return found
