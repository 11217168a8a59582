"""MON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from roles.monitoring.names import PROMETHEUS_PORT, STATE

from ..outcome import Finding, either, false, unwanted
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

_URL = f"http://127.0.0.1:{PROMETHEUS_PORT}/api/v1/query?query="
OFF = "off"


def looks(settings: Settings) -> list[Look]:
    """What Prometheus says of what it reads, and of the probes."""
    if settings.monitoring.mode == "off":
        why = "monitoring.mode is off"
        return [Look(each, "true", lambda _: unwanted(why)) for each in ("MON-01", "MON-04")]
    apps, auto = len(settings.applications), settings.monitoring.mode == "auto"
    return [
        Look("MON-01", _ask("up"), lambda said: _off(said, auto=auto) or _up(said)),
        Look("MON-04", _ask("probe_success"), lambda s: _off(s, auto=auto) or _probed(s, apps)),
    ]


def _ask(query: str) -> str:
    return f"if [ -e {STATE} ]; then curl -sS --max-time 10 {_URL}{query}; else echo {OFF}; fi"


def _off(said: list[str], *, auto: bool) -> Finding | None:
    if said != [OFF]:
        return None
    if auto:
        return unwanted("the host has less memory than monitoring.auto_from_mb")
    return false("it is not on this host: run deploy.py")


def _values(said: list[str], label: str) -> dict[str, float]:
    result: list[dict[str, Any]] = json.loads(" ".join(said))["data"]["result"]
    return {each["metric"][label]: float(each["value"][1]) for each in result}


def _up(said: list[str]) -> Finding:
    jobs = _values(said, "job")
    down = sorted(job for job, value in jobs.items() if not value)
    good = f"{len(jobs)} targets answer"
    return either(bool(jobs) and not down, good, f"no answer of {', '.join(down) or 'any'}")


def _probed(said: list[str], apps: int) -> Finding:
    found = _values(said, "app")
    down = sorted(app for app, value in found.items() if not value)
    wrong = f"no good answer of {', '.join(down)}" if down else f"{len(found)} of {apps} are asked"
    return either(len(found) == apps and not down, f"{', '.join(found)} answer", wrong)
