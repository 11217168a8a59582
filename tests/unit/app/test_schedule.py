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


@pytest.mark.parametrize(
    "text",
    [
        *("monkey 03:15", "weds", "tue..mon", "*:*/5", "*-*,* 03:15", "*:0..5/60", "0/30:00"),
        *("*-02~29", "*-02~1/1", "*-02~3..1", "*:*:7..7", "*-2..2-30", "*-*-31/1", "2300-1-1"),
        *("UTC", "Mon Foo/Bar", "2027~1~1"),
    ],
)
def test_HOST_09_what_systemd_would_not_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        calendar(text)


@pytest.mark.parametrize(
    "text",
    [
        *("thursday", "mon..mon", "Mon,sat..sun 1:2:3", "*:0..5/6", "*-02~28/1", "*-2-1/29"),
        *("2026..2030/2-1-1", "*:*:1..2", "Mon UTC", "*:7..7"),
    ],
)
def test_HOST_09_what_systemd_reads_is_taken(text: str) -> None:
    assert calendar(text) == text
