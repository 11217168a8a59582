"""Silences: by name, with an end and a reason."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

from roles.core.host.errors import HostError

from . import manager

RULES = Path("/etc/prometheus/rules/readyhost.yml")
LONGEST = timedelta(days=30)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
FORMAT = "%Y-%m-%dT%H:%M:%S.000Z"


def silence(name: str, last: str, reason: str, by: str) -> str:
    """Tell nobody of an alert for a while; returns what was done. Raises HostError."""
    # Nobody's silence keeps what says that all works from saying so.
    known = [each for each in names(RULES.read_text()) if each != "Heartbeat"]
    if name not in known:
        raise HostError(f"{name}: no such alert; there are {', '.join(known)}")
    if not reason.strip():
        raise HostError("why? Say --reason TEXT: who looks at it later will ask")
    now = datetime.now(timezone.utc)
    end = now + duration(last)
    matcher = {"name": "alertname", "value": name, "isRegex": False}
    wish = {
        "matchers": [matcher],
        "startsAt": now.strftime(FORMAT),
        "endsAt": end.strftime(FORMAT),
        "createdBy": by,
        "comment": reason,
    }
    manager.ask("/api/v2/silences", wish)
    return f"{name} is silent until {end:%Y-%m-%d %H:%M} UTC: {reason}"


def names(rules: str) -> list[str]:
    """The alerts of a file of rules.

    >>> names("rules:\\n      - alert: Disk\\n        expr: 1\\n")
    ['Disk']
    """
    return re.findall(r"^ +- alert: (\w+)$", rules, re.MULTILINE)


def duration(text: str) -> timedelta:
    """
    >>> duration("2h"), duration("90m")
    (datetime.timedelta(seconds=7200), datetime.timedelta(seconds=5400))
    """
    found = re.fullmatch(r"([1-9][0-9]{0,4})([mhd])", text)
    if not found:
        raise HostError(f"--for {text}: such as 30m, 2h or 3d")
    last = timedelta(**{_UNITS[found[2]]: int(found[1])})
    if last > LONGEST:
        raise HostError(f"--for {text}: at most {LONGEST.days}d; waive what is not wanted at all")
    return last
