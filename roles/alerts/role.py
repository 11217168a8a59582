"""What the alerts make of a host."""

from __future__ import annotations

from collections.abc import Collection

from roles.core.entries import Entry
from roles.core.fileset import Files
from roles.core.service import Service
from roles.core.services import Services
from roles.core.shell import Commands
from roles.core.step import Part

from .files import (
    BEAT,
    CONFIGURATION,
    ETC,
    LOCK,
    MANAGER,
    PASSWORD,
    RULES,
    UNIT,
    UNITS,
    WEB,
    beat,
    entries,
    packages,
)
from .settings import Alerts

# Who knows no password is told no: that is an answer, too.
ANSWERS = (
    "test 401 = \"$(curl -s -o /dev/null -w '%{http_code}' --max-time 5"
    ' http://127.0.0.1:9093/-/healthy)"'
)


def part(settings: Alerts, *, max_connections: int, without: Collection[str] = ()) -> Part:
    """Rules for Prometheus, Alertmanager, and the host's own heartbeat.

    max_connections: that the database takes; without: rules that mean nothing on this host.
    """
    if not settings.enabled:
        return _heartbeat_alone(settings)
    files = entries(settings, max_connections=max_connections, without=without)
    manager = Service(
        unit=UNIT,
        configuration=[
            e
            for e in files
            if e.path.startswith((CONFIGURATION, MANAGER, f"{ETC}/templates", f"{UNITS}/{UNIT}"))
        ],
        probe=ANSWERS,
    )
    configuration = Files(
        name="Alerts | rules and receivers",
        role="alerts",
        entries=files,
        checks=[f"promtool check rules {RULES}", f"amtool check-config {CONFIGURATION}"],
        services=[manager],
        commands=[
            "systemctl daemon-reload",
            _beats(files),
            "systemctl try-reload-or-restart prometheus",
        ],
    )
    password = Commands(
        "Alerts | a password of Alertmanager's own", f"{LOCK} check", [LOCK, _restart()]
    )
    return Part(
        "alerts",
        (
            configuration,
            password,
            Services("Alerts | running", [manager]),
        ),
        packages=tuple(packages()),
    )


def _heartbeat_alone(settings: Alerts) -> Part:
    """Nobody is told by the host; somebody notices that it is dead, if that is wanted."""
    files = beat(settings)
    after = ["systemctl daemon-reload", _beats(files)] if files else []
    heartbeat = Files("Alerts | heartbeat", "alerts", files, commands=after)
    return Part(
        "alerts",
        (_nothing(files), heartbeat),
        packages=("ca-certificates", "curl") if files else (),
    )


def _restart() -> str:
    """One that runs knows the former password."""
    return f"systemctl try-restart {UNIT}"


def _beats(files: Collection[Entry]) -> str:
    there = any(entry.path.endswith(f"{BEAT}.timer") for entry in files)
    if there:
        return f"systemctl restart {BEAT}.timer"
    return f"systemctl stop {BEAT}.timer 2>/dev/null || :"


def _nothing(files: Collection[Entry]) -> Commands:
    """What another setting once started is stopped, before its files go."""
    units = " ".join([UNIT, *([] if files else [f"{BEAT}.timer"])])
    return Commands(
        name="Alerts | nobody is told",
        unless=f"[ ! -e {PASSWORD} ] && ! systemctl is-active -q {units}",
        commands=[
            f"systemctl disable -q --now {UNIT} || :",
            *([] if files else [f"systemctl stop {BEAT}.timer 2>/dev/null || :"]),
            f"rm -f {PASSWORD} {WEB}",
        ],
    )
