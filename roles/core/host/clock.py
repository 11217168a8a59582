"""Times as people and records write them."""

from __future__ import annotations

import time
from datetime import datetime, timezone

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def stamp(seconds: float | None = None) -> str:
    """A time, UTC, as ISO 8601 says it. seconds: since 1970, or now."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
    return moment.strftime(FORMAT)
