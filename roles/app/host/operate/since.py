"""From when on logs are wanted."""

from __future__ import annotations

import re
import time

from ..errors import ReleaseError

FORMS = "10m, 2h, 1d, 12:30 (today), 2026-01-31 or '2026-01-31 12:30' (the host's time)"
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
# 10min and 2 hours, as journalctl has them, mean the same.
_SPAN = re.compile(
    r"(\d{1,6}) ?(?:(s)(?:ec|econds?)?|(m)(?:in|inutes?)?|(h)(?:r|ours?)?|(d)(?:ays?)?)"
)


def seconds(text: str, now: float) -> float:
    """A time in seconds of the epoch. Raises ReleaseError for what is none of the forms."""
    if match := _SPAN.fullmatch(text):
        return now - int(match[1]) * _UNITS[next(filter(None, match.groups()[1:]))]
    today = time.strftime("%Y-%m-%d ", time.localtime(now))
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        for whole in (text, today + text):
            try:
                return time.mktime(time.strptime(whole, form))
            except (ValueError, OverflowError):
                continue
    raise ReleaseError(f"--since {text}: there are {FORMS}")
