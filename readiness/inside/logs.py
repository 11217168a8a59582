"""LOG and LOAD."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..outcome import Finding, either, false
from .judging import pairs
from .look import Look

if TYPE_CHECKING:
    from settings import Settings


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about its logs, and how many clients it takes."""
    app, clients = settings.app.name, settings.nginx.clients
    return [
        Look(
            "LOG-01",
            f"echo files=$(ls /var/log/{app}/*.log | wc -l); echo rsyslog=$(systemctl is-active"
            " rsyslog); echo journal=$(systemctl is-active systemd-journald); echo rotation=$("
            f"systemctl is-active logrotate.timer); [ -s /etc/logrotate.d/{app} ] && echo rules=1",
            _files,
        ),
        Look("LOG-02", "tail -n 1 /var/log/nginx/access.log", _times),
        Look(
            "LOAD-01",
            "nginx -T 2>/dev/null | sed -nE 's/^ *worker_connections +([0-9]+);/each=\\1/p';"
            " echo workers=$(ps -C nginx -o args= | grep -c 'worker process' || :)",
            lambda said: _room(said, clients),
        ),
    ]


def _files(said: list[str]) -> Finding:
    values = pairs(said)
    wrong = [name for name in ("rsyslog", "journal", "rotation") if values[name] != "active"]
    if values.get("rules") != "1":
        wrong.append("rules of rotation")
    good = f"{values['files']} files, shipped and rotated"
    return either(not wrong and int(values["files"]) > 0, good, f"not there: {', '.join(wrong)}")


def _times(said: list[str]) -> Finding:
    if not said:
        raise ValueError("no request yet")
    if not said[-1].startswith("{"):
        return false("it is no JSON of ours") if " - - " in said[-1] else _strange(said)
    line = json.loads(said[-1])
    missing = [key for key in ("request_id", "request_time") if key not in line]
    return either(not missing, "each request has its id and times", f"without {missing}")


def _strange(said: list[str]) -> Finding:
    raise ValueError(said)


def _room(said: list[str], clients: int) -> Finding:
    values = {key: int(value) for key, value in pairs(said).items()}
    room = values["each"] * values["workers"]
    return either(room >= clients, f"room for {room} connections, {clients} clients wanted")
