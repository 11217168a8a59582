"""Calendar expressions, as in systemd.time(7)."""

from __future__ import annotations

import pytest

from roles.app.schedule import calendar


@pytest.mark.parametrize(
    "text",
    [
        "hourly",
        "daily",
        "quarterly",
        "*-*-* 03:15",
        "*-*-* 03:15:30",
        "03:15",
        "*:0/5",
        "*:0/5:00",
        "*-*-* *:*:00",
        "Mon 08:00",
        "Mon..Fri 08..18:00/10",
        "Mon,Thu *-*-* 00:00",
        "Sat *-*-1..7 18:00",
        "*-*-01 04:00",
        "*-02~03 05:00",
        "2026-12-24",
        "*-*-* 02:30 Europe/Berlin",
        "*-*-* 02:30 UTC",
    ],
)
def test_accepts(text: str) -> None:
    assert calendar(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a calendar expression"),
        ("soon", "not a calendar expression"),
        ("5 4 * * *", "not a calendar expression"),
        (" daily", "not a calendar expression"),
        ("*-*-* 24:00", "hour outside of 0 to 23: 24"),
        ("*-13-* 00:00", "month outside of 1 to 12: 13"),
        ("*-*-32", "day outside of 1 to 31: 32"),
        ("*:60", "minute outside of 0 to 59: 60"),
        ("18..08:00", "ends before it begins"),
        ("*:0/0", "every 0 minutes"),
        ("12:00:00:00", "a time that is none"),
        ("12:00 13:00", "not a calendar expression"),
        ("daily extra", "not a calendar expression"),
        ("*-*-* 12:00\nExecStart=/bin/sh", "not a calendar expression"),
    ],
)
def test_refuses(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        calendar(text)
