"""Alertmanager, as it answers on loopback."""

from __future__ import annotations

import base64
import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from roles.core.host.errors import HostError

ADDRESS = "http://127.0.0.1:9093"
PASSWORD = Path("/etc/prometheus/alertmanager.password")
USER = "readyhost"
PATIENCE = 10  # seconds for an answer
_SAMPLE = re.compile(
    r'^alertmanager_notification_requests(_failed)?_total\{.*?integration="([a-z]+)".*?\} (\S+)$'
)
# No proxy of the environment is asked for what is on this host.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(path: str, body: Any = None) -> str:
    """What it answers. Raises HostError when it does not."""
    try:
        password = PASSWORD.read_text().strip()
    except FileNotFoundError:
        raise HostError("no alerts here: alerts.enabled is not set, or not deployed") from None
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(ADDRESS + path, data)  # noqa: S310 - it is http, always
    request.add_header("Content-Type", "application/json")
    account = base64.b64encode(f"{USER}:{password}".encode()).decode()
    request.add_header("Authorization", f"Basic {account}")
    try:
        with _OPENER.open(request, timeout=PATIENCE) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as error:
        raise HostError(f"Alertmanager refuses: {error.code} {error.read()[:200]!r}") from None
    except OSError as error:
        raise HostError(f"Alertmanager does not answer: {error}") from None


def firing() -> list[dict[str, Any]]:
    """What fires now, silenced or not; not the heartbeat."""
    found = json.loads(ask("/api/v2/alerts?active=true&silenced=true&inhibited=true"))
    return [each for each in found if each["labels"].get("alertname") != "Heartbeat"]


def silences() -> list[dict[str, Any]]:
    """Those that are not over."""
    found = json.loads(ask("/api/v2/silences"))
    return [each for each in found if each["status"]["state"] != "expired"]


def sent() -> dict[str, tuple[int, int]]:
    """Messages so far, and those of them that failed, by kind of receiver."""
    counts: dict[str, list[int]] = {}
    for line in ask("/metrics").splitlines():
        if found := _SAMPLE.match(line):
            failed, kind, value = found.groups()
            counts.setdefault(kind, [0, 0])[bool(failed)] += int(float(value))
    return {kind: (all_, failed) for kind, (all_, failed) in counts.items()}


def receivers() -> dict[str, dict[str, int]]:
    """How many ways of each kind there are, by receiver."""
    return _kinds(json.loads(Path("/etc/readyhost/alerts/alertmanager.yml").read_text()))


def _kinds(configuration: dict[str, Any]) -> dict[str, dict[str, int]]:
    """
    >>> _kinds({"receivers": [{"name": "people", "email_configs": [{}]}, {"name": "nobody"}]})
    {'people': {'email': 1}, 'nobody': {}}
    """
    return {
        each["name"]: {
            key.rpartition("_")[0]: len(value)
            for key, value in each.items()
            if key.endswith("_configs")
        }
        for each in configuration["receivers"]
    }
