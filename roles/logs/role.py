"""What the logs role makes of a host."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import SecretStr

from roles.core.entries import Entry, Link
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.peer import Peer
from roles.core.service import Service
from roles.core.services import Services
from roles.core.step import Part

from . import forward
from .files import CRON, JOURNAL, entries, packages, writer
from .masks import masks
from .settings import Logs

PROJECT = Path(__file__).resolve().parents[2]
STARTS = "rsyslogd -N1"
# Its threads are what may fail: it goes on without the one that reads.
READS = (
    "systemctl is-active -q rsyslog && test -s /var/spool/rsyslog/imjournal.state"
    " && grep -qs in:imjournal /proc/$(systemctl show -p MainPID --value rsyslog)/task/*/comm"
)


def part(
    settings: Logs,
    machine: Machine,
    *,
    apps: Sequence[str],
    zone: Link,
    secrets: Iterable[SecretStr] = (),
) -> Part:
    """Bound the journal, write each process of `apps` to /var/log/APP/PROCESS.log, rotate all.

    apps: what the units of the applications begin with, in their names (`APP-…`) and in their
    SyslogIdentifier= (`APP-PROCESS`).
    zone: the time zone of their lines, which cron, that rotates and starts by it, follows too.
    secrets: what no line may hold that leaves the host.

    Raises OperatorError where a file for the log server can't be used.
    """
    sent = _sent(settings, machine, apps, secrets)
    files = [*entries(settings, machine, apps), *sent]
    journal = Service(
        unit="systemd-journald",
        configuration=[entry for entry in files if entry.path == JOURNAL],
        # Answered when the journal is where it survives a reboot.
        probe="journalctl --flush",
    )
    shipper = Service(
        unit="rsyslog",
        configuration=[
            *(entry for entry in files if "rsyslog" in entry.path and entry not in sent),
            zone,
        ],
        probe=READS,
        starts=STARTS,
    )
    # Its jobs go on when it is restarted.
    clock = Service(
        unit="cron",
        configuration=[*(entry for entry in files if entry.path == CRON), zone],
        probe="systemctl is-active -q cron",
    )
    senders = forward.services(sent) if sent else []
    rotation = Service(unit="logrotate.timer", probe="systemctl is-active -q logrotate.timer")
    rotated = " ".join(f"/etc/logrotate.d/{app}" for app in apps)
    configuration = Files(
        name="Logs | configuration",
        role="logs",
        entries=files,
        checks=[
            STARTS,
            *([forward.STARTS] if sent else []),
            f"logrotate --debug {rotated} /etc/logrotate.d/nginx",
        ],
        services=[journal, shipper, clock, *senders],
        commands=["systemctl daemon-reload", "systemctl restart logrotate.timer"],
    )
    running = Services("Logs | running", [journal, shipper, clock, rotation, *senders])
    return Part(
        "logs",
        (configuration, running, *([] if sent else [forward.nothing()])),
        packages=tuple(packages(settings, machine)),
    )


def _sent(
    settings: Logs, machine: Machine, apps: Sequence[str], secrets: Iterable[SecretStr]
) -> list[Entry]:
    """What sending lines elsewhere takes; nothing where none are."""
    server = settings.forward
    if not server.host:
        return []
    peer = Peer()
    if server.ca_file or server.certificate_file:
        from roles.core.peer_files import read  # X.509, which takes long to import

        peer = read(server, PROJECT, "logs.forward")
    return forward.entries(settings, tuple(apps), masks(secrets), peer, writer(machine))
