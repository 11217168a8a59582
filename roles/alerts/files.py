"""Every file of the alerts: rules, Alertmanager, the heartbeat, and the operator's program."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from pathlib import Path

from roles.core.entries import Directory, Entry, File, Link
from roles.core.programs import program_files
from roles.core.templates import render

from .routes import HOST, configuration, plain
from .rules import rules
from .settings import Alerts

RULES = "/etc/prometheus/rules/readyhost.yml"
ETC = "/etc/readyhost/alerts"
CONFIGURATION = f"{ETC}/alertmanager.yml"
WEB = f"{ETC}/web.yml"
PASSWORD = "/etc/prometheus/alertmanager.password"  # noqa: S105 - where it is
USER = "readyhost"
"""Who may speak to Alertmanager: Prometheus, and root."""
UNITS = "/etc/systemd/system"
UNIT = "prometheus-alertmanager"
DROP_IN = f"{UNITS}/{UNIT}.service.d/readyhost.conf"
BEAT = "host-heartbeat"
PROGRAM = "/usr/local/lib/readyhost/alerts"
COMMAND = "/usr/local/sbin/readyhost-alerts"
LOCK = "/usr/local/lib/readyhost/alerts-password"
MANAGER = "/usr/local/lib/readyhost/alerts-manager"
SOURCES = Path(__file__).with_name("host")


def packages() -> list[str]:
    """Debian packages that the alerts need."""
    return ["ca-certificates", "curl", "prometheus-alertmanager"]


def entries(
    settings: Alerts, *, max_connections: int = 0, without: Collection[str] = ()
) -> list[Entry]:
    """All files. Arguments as for `rules`."""
    write = partial(
        render, "alerts", unit=UNIT, configuration=CONFIGURATION, web=WEB, etc=ETC, name=HOST
    )
    return [
        *_folders(),
        Directory("/usr/local/lib/readyhost"),
        write(LOCK, mode=0o755, password=PASSWORD, user=USER),
        Directory("/etc/prometheus/rules"),
        File(RULES, rules(settings, max_connections=max_connections, without=without)),
        File(CONFIGURATION, configuration(settings), mode=0o600, secret=True),
        Directory(f"{ETC}/templates"),
        write(f"{ETC}/templates/readyhost.tmpl"),
        Directory(f"{UNITS}/{UNIT}.service.d"),
        write(MANAGER, mode=0o755),
        write(DROP_IN, manager=MANAGER),
        Directory(PROGRAM),
        *program_files(SOURCES, PROGRAM),
        write(COMMAND, mode=0o755, program=PROGRAM),
        *(entry for entry in beat(settings) if entry not in _folders()),
    ]


def beat(settings: Alerts) -> list[Entry]:
    """The host's own heartbeat, which needs nothing else. Its address is for root, and in no
    argument."""
    if not settings.host_heartbeat_url:
        return []
    url = plain(settings.host_heartbeat_url).replace("\\", "%5C").replace('"', "%22")
    write = partial(render, "alerts", etc=ETC, name=HOST, beat=BEAT)
    return [
        *_folders(),
        File(f"{ETC}/heartbeat", f'url = "{url}"\n', mode=0o600, secret=True),
        write(f"{UNITS}/{BEAT}.service"),
        write(f"{UNITS}/{BEAT}.timer"),
        Link(f"{UNITS}/timers.target.wants/{BEAT}.timer", f"../{BEAT}.timer"),
    ]


def _folders() -> list[Entry]:
    return [Directory("/etc/readyhost"), Directory(ETC)]
