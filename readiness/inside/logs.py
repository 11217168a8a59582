"""LOG and LOAD."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from roles.logs.forward import READER, STATE, TUNNEL

from ..outcome import Finding, either, false, unwanted
from .judging import pairs
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

BEHIND = 5000
"""Lines: about a second of sending."""


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about its logs, and how many clients it takes."""
    app, clients = settings.app.name, settings.nginx.clients
    runs = settings.app.kind != "static"
    return [
        Look(
            "LOG-01",
            f"echo files=$(ls /var/log/{app}/*.log 2>/dev/null | wc -l);"
            " echo rsyslog=$(systemctl is-active rsyslog);"
            " echo journal=$(systemctl is-active systemd-journald);"
            " echo rotation=$(systemctl is-active logrotate.timer);"
            f" [ -s /etc/logrotate.d/{app} ] && echo rules=1",
            lambda said: _files(said, runs=runs),
        ),
        Look("LOG-02", "tail -n 1 /var/log/nginx/access.log", _times),
        _elsewhere(settings),
        Look(
            "LOAD-01",
            "nginx -T 2>/dev/null | sed -nE 's/^ *worker_connections +([0-9]+);/each=\\1/p';"
            " echo workers=$(ps -C nginx -o args= | grep -c 'worker process' || :)",
            lambda said: _room(said, clients),
        ),
    ]


def _elsewhere(settings: Settings) -> Look:
    server = settings.logs.forward
    if not server.host:
        return Look("LOG-03", "true", lambda _: unwanted("logs.forward.host is not set"))
    return Look(
        "LOG-03",
        f"echo reader=$(systemctl is-active {READER}); echo tunnel=$(systemctl is-active {TUNNEL});"
        f" echo connections=$(ss -Htn state established '( dport = :{server.port} )' | wc -l);"
        f' echo behind=$(journalctl -q --after-cursor="$(cat {STATE})" -n {BEHIND} -o export'
        " --output-fields=_BOOT_ID | grep -ac ^__CURSOR)",
        _sent,
    )


def _sent(said: list[str]) -> Finding:
    values = pairs(said)
    wrong = [
        f"{name} is {values[name]}" for name in ("reader", "tunnel") if values[name] != "active"
    ]
    if int(values["connections"]) == 0:
        wrong.append("no connection to the server")
    if int(values["behind"]) >= BEHIND:
        wrong.append(f"{BEHIND} lines behind, or more")
    return either(
        not wrong, f"connected, at most {values['behind']} lines behind", "; ".join(wrong)
    )


def _files(said: list[str], *, runs: bool) -> Finding:
    """runs: whether something of the application does, so that it has lines to write."""
    values = pairs(said)
    wrong = [name for name in ("rsyslog", "journal", "rotation") if values[name] != "active"]
    if values.get("rules") != "1":
        wrong.append("rules of rotation")
    good = f"{values['files']} files, shipped and rotated"
    there = int(values["files"]) > 0 or not runs
    return either(not wrong and there, good, f"not there: {', '.join(wrong)}")


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
