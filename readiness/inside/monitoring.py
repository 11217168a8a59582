"""MON."""

from __future__ import annotations

import json
import shlex
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from roles.handed.around import around
from roles.monitoring.elsewhere import Scraped, scraped
from roles.monitoring.names import PROMETHEUS_PORT, REMOTE, STATE
from roles.nginx.scraped import LOG

from ..outcome import Finding, either, false, true, unwanted
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

_NEWEST = "max(prometheus_remote_storage_highest_timestamp_in_seconds)"
_TAKEN = "max(prometheus_remote_storage_queue_highest_sent_timestamp_seconds)"
_URL = f"http://127.0.0.1:{PROMETHEUS_PORT}/api/v1/query?query="
OFF, ELSEWHERE = "off", "elsewhere"
SILENT = 600
"""Seconds: a Prometheus asks each minute at least, and one that starts anew is back by then."""


def looks(settings: Settings) -> list[Look]:
    """What Prometheus says of what it reads, of the probes and of what it sends; where it is
    elsewhere, whether it asks, and would be answered."""
    sending = _sending(settings)
    if settings.monitoring.mode == "off":
        why = "monitoring.mode is off"
        both = ("MON-01", "MON-04")
        return [*(Look(each, "true", lambda _: unwanted(why)) for each in both), sending]
    asked = scraped(around(settings))
    exporters = [each for each in asked if not each.path.startswith("/probe/")]
    probes = [each for each in asked if each.path.startswith("/probe/")]
    auto = settings.monitoring.mode == "auto"
    apps = len(settings.applications)
    return [
        Look(
            "MON-01",
            _ask("up", exporters, "."),
            lambda said: _off(said, auto=auto) or _elsewhere(said, exporters[:1]) or _up(said),
        ),
        Look(
            "MON-04",
            _ask("probe_success", probes, "^probe_success 1"),
            lambda said: _off(said, auto=auto) or _elsewhere(said, probes) or _probed(said, apps),
        ),
        sending,
    ]


def _sending(settings: Settings) -> Look:
    """What Prometheus says of how far what was sent is behind what was measured."""
    to = settings.monitoring.remote_write
    if not to.url:
        return Look("MON-09", "true", lambda _: unwanted("monitoring.remote_write.url is not set"))
    asked = {
        "late": f"{_NEWEST} - {_TAKEN}",
        "never": f"{_TAKEN} == bool 0",
        "refused": "increase(prometheus_remote_storage_samples_failed_total[1h])",
    }
    each = "; ".join(
        f'echo {name} "$(curl -sS --max-time 10 {_URL}{quote(query, safe="")})"'
        for name, query in asked.items()
    )
    host, most = urlsplit(to.url).hostname or "", 60 * settings.alerts.limits.sending_minutes
    return Look("MON-09", each, lambda said: _sent(said, host, most))


def _sent(said: list[str], host: str, most: int) -> Finding:
    """host: where it is sent; most: seconds that it may be behind."""
    values = {}
    for line in said:
        name, _, answer = line.partition(" ")
        result = json.loads(answer)["data"]["result"]
        values[name] = float(result[0]["value"][1]) if result else None
    late, refused = values.get("late"), values.get("refused") or 0
    if late is None:
        return false("Prometheus sends nothing: run deploy.py")
    wrong = []
    if values.get("never"):
        wrong.append(f"{host} has taken nothing since Prometheus was started")
    elif late > most:
        wrong.append(f"{host} has taken nothing for {late / 60:.0f} minutes")
    if refused >= 1:
        wrong.append(f"{host} has refused {refused:.0f} values within an hour")
    return either(not wrong, f"{host} has all but the last {max(late, 0):.0f} s", "; ".join(wrong))


def _ask(query: str, paths: list[Scraped], good: str) -> str:
    """Shell: a word for where the numbers are kept, and what there is to see of it."""
    each = " ".join(shlex.quote(f"{path.path} {path.behind}") for path in paths)
    return f"""if [ -e {REMOTE} ]; then
  echo {ELSEWHERE}
  for each in {each}; do
    curl -sf --max-time 10 "${{each#* }}" | grep -q {shlex.quote(good)} || echo "down ${{each%% *}}"
    grep -hF "\\"path\\":\\"${{each%% *}}\\"" {LOG}.1 {LOG} 2>/dev/null \
      | grep -F '"status":200' | tail -n 1
  done
elif [ -e {STATE} ]; then curl -sS --max-time 10 {_URL}{query}; else echo {OFF}; fi"""


def _off(said: list[str], *, auto: bool) -> Finding | None:
    if said != [OFF]:
        return None
    if auto:
        return unwanted("the host has less memory than monitoring.auto_from_mb")
    return false("it is not on this host: run deploy.py")


def _elsewhere(said: list[str], asked: list[Scraped]) -> Finding | None:
    """What a Prometheus elsewhere gets, and when it last asked for each of `asked`."""
    if said[:1] != [ELSEWHERE]:
        return None
    if down := [line.removeprefix("down ") for line in said[1:] if line.startswith("down ")]:
        return false(f"no good answer at {', '.join(down)}")
    lines = [json.loads(line) for line in said[1:]]
    last = {each["path"]: each for each in lines}
    if missing := [each.path for each in asked if each.path not in last]:
        return false(f"no Prometheus has asked for {', '.join(missing)} yet")
    when = min(datetime.fromisoformat(last[each.path]["time"]).timestamp() for each in asked)
    seconds, client = time.time() - when, last[asked[0].path]["client"]
    if seconds > SILENT:
        return false(f"no Prometheus has asked for {seconds / 60:.0f} minutes", when)
    return true(f"all answer, and {client} has asked", when)


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
