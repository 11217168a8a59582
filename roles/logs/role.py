"""What the logs role does to a host, in order."""

from __future__ import annotations

from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.services import Service, converge

from .files import JOURNAL, entries
from .settings import Logs


def logs(settings: Logs, machine: Machine, app: str) -> None:
    """Bound the journal, write each process of `app` to /var/log/APP/PROCESS.log, rotate all.

    app: what the units of the application begin with, in their names (`APP-…`) and in their
    SyslogIdentifier= (`APP-PROCESS`).
    """
    files = entries(settings, machine, app)
    journal = Service(
        unit="systemd-journald",
        configuration=[entry for entry in files if entry.path == JOURNAL],
        # Answered when the journal is where it survives a reboot.
        probe="journalctl --flush",
    )
    shipper = Service(
        unit="rsyslog",
        configuration=[entry for entry in files if "rsyslog" in entry.path],
        probe="systemctl is-active -q rsyslog && test -s /var/spool/rsyslog/imjournal.state",
    )
    sync(
        name="Logs | configuration",
        role="logs",
        entries=files,
        checks=["rsyslogd -N1", f"logrotate --debug /etc/logrotate.d/{app} /etc/logrotate.d/nginx"],
        services=[journal, shipper],
        commands=["systemctl daemon-reload", "systemctl restart logrotate.timer"],
    )
    converge(name="Logs | running", services=[journal, shipper])
