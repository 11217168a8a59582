"""What the logs role makes of a host."""

from __future__ import annotations

from collections.abc import Sequence

from roles.core.entries import Link
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.step import Part

from .files import CRON, JOURNAL, entries, packages
from .settings import Logs

STARTS = "rsyslogd -N1"
# Its threads are what may fail: it goes on without the one that reads.
READS = (
    "systemctl is-active -q rsyslog && test -s /var/spool/rsyslog/imjournal.state"
    " && grep -qs in:imjournal /proc/$(systemctl show -p MainPID --value rsyslog)/task/*/comm"
)


def part(settings: Logs, machine: Machine, *, apps: Sequence[str], zone: Link) -> Part:
    """Bound the journal, write each process of `apps` to /var/log/APP/PROCESS.log, rotate all.

    apps: what the units of the applications begin with, in their names (`APP-…`) and in their
    SyslogIdentifier= (`APP-PROCESS`).
    zone: the time zone of their lines, which cron, that rotates and starts by it, follows too.
    """
    files = entries(settings, machine, apps)
    journal = Service(
        unit="systemd-journald",
        configuration=[entry for entry in files if entry.path == JOURNAL],
        # Answered when the journal is where it survives a reboot.
        probe="journalctl --flush",
    )
    shipper = Service(
        unit="rsyslog",
        configuration=[*(entry for entry in files if "rsyslog" in entry.path), zone],
        probe=READS,
        starts=STARTS,
    )
    # Its jobs go on when it is restarted.
    clock = Service(
        unit="cron",
        configuration=[*(entry for entry in files if entry.path == CRON), zone],
        probe="systemctl is-active -q cron",
    )
    rotation = Service(unit="logrotate.timer", probe="systemctl is-active -q logrotate.timer")
    rotated = " ".join(f"/etc/logrotate.d/{app}" for app in apps)
    configuration = Files(
        name="Logs | configuration",
        role="logs",
        entries=files,
        checks=[STARTS, f"logrotate --debug {rotated} /etc/logrotate.d/nginx"],
        services=[journal, shipper, clock],
        commands=["systemctl daemon-reload", "systemctl restart logrotate.timer"],
    )
    running = Services("Logs | running", [journal, shipper, clock, rotation])
    return Part("logs", (configuration, running), packages=tuple(packages(settings, machine)))
