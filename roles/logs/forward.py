"""A copy of every line for a server elsewhere: a reader of the journal, and a TLS tunnel.

The journal is the queue: it is on the disk, it has a bound, and the files of this host are written
whether anybody reads it here or not. So the reader may wait for as long as a server is away, and
goes on where it was.

TLS is not rsyslog's own: its RELP client gives up for good on a server whose certificate is wrong
for a minute, and takes every line from then on for sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from pydantic import SecretStr

from roles.core.entries import Directory, Entry, File, Link
from roles.core.peer import Peer
from roles.core.service import Service
from roles.core.shell import Commands
from roles.core.templates import render

from .settings import Logs

READER = "host-forward"
TUNNEL = "host-tunnel"
UNITS = "/etc/systemd/system"
CONFIGURATION = "/etc/rsyslog.d/forward/rsyslog.conf"
"""Where Ubuntu's AppArmor lets rsyslog read, and no other instance looks."""
ETC = "/etc/readyhost/forward"
BEGIN = "/usr/local/sbin/host-forward-begin"
STATE = "/var/spool/rsyslog/forward.state"
PORT = 2514
"""On a loopback that the two units share with nobody."""
WINDOW = 128
"""Lines that may be on their way without an answer: RELP's own default. Where the reader ends, or
is killed, nobody knows which of them arrived: as many are sent again."""
PERSIST = 100
"""Lines after which the reader notes its place. One that was killed sends at most these again."""
SYSTEM = "/etc/ssl/certs/ca-certificates.crt"
STARTS = f"rsyslogd -N1 -f {CONFIGURATION}"
READS = (
    f"systemctl is-active -q {READER} && grep -qs in:imjournal"
    f" /proc/$(systemctl show -p MainPID --value {READER})/task/*/comm"
)


def packages() -> list[str]:
    """The packages that sending takes."""
    return ["ca-certificates", "rsyslog-relp", "stunnel4"]


def entries(
    settings: Logs,
    apps: Sequence[str],
    words: Sequence[SecretStr],
    peer: Peer,
    writer: str,
) -> list[Entry]:
    """All files. apps: whose lines get fields of their own; words: what is replaced in each line,
    as `masks` makes it; writer: whom rsyslog becomes."""
    server = settings.forward
    write = partial(
        render,
        "logs",
        settings=settings,
        server=server,
        port=PORT,
        reader=READER,
        tunnel=TUNNEL,
        writer=writer,
        etc=ETC,
        begin=BEGIN,
        window=WINDOW,
        persist=PERSIST,
        state=STATE,
        configuration=CONFIGURATION,
    )
    given = [
        File(f"{ETC}/ca.pem", peer.authority),
        File(f"{ETC}/certificate.pem", peer.certificate),
        File(f"{ETC}/key.pem", peer.key.get_secret_value(), mode=0o600, secret=True),
    ]
    authority = f"{ETC}/ca.pem" if peer.authority else SYSTEM
    return [
        Directory("/etc/readyhost"),
        Directory(ETC),
        *(file for file in given if file.content),
        Directory("/etc/rsyslog.d/forward", mode=0o700),
        write(CONFIGURATION, mode=0o600, apps=apps, words=words),
        write(BEGIN, mode=0o755),
        write(f"{ETC}/tunnel.conf", peer=peer, authority=authority, numeric=_numeric(server.name)),
        write(f"{UNITS}/{READER}.service"),
        write(f"{UNITS}/{TUNNEL}.service", peer=peer),
        write(f"{UNITS}/{TUNNEL}.socket"),
        Link(f"{UNITS}/sockets.target.wants/{TUNNEL}.socket", f"../{TUNNEL}.socket"),
        Link(f"{UNITS}/multi-user.target.wants/{READER}.service", f"../{READER}.service"),
    ]


def services(files: Sequence[Entry]) -> list[Service]:
    """The tunnel, its door, and the reader, which is started with what it sends by."""
    own = [e for e in files if TUNNEL in e.path or e.path.startswith(ETC)]
    return [
        Service(
            unit=f"{TUNNEL}.socket",
            configuration=[e for e in files if e.path == f"{UNITS}/{TUNNEL}.socket"],
            probe=f"systemctl is-active -q {TUNNEL}.socket",
        ),
        Service(
            unit=TUNNEL,
            configuration=own,
            probe=f"systemctl is-active -q {TUNNEL}",
            started_by=f"{TUNNEL}.socket",
        ),
        Service(
            unit=READER,
            configuration=[
                e for e in files if e.path in (CONFIGURATION, BEGIN, f"{UNITS}/{READER}.service")
            ],
            probe=READS,
            starts=STARTS,
        ),
    ]


def nothing() -> Commands:
    """On a host that sends no lines: what another setting once started is stopped."""
    units = f"{READER}.service {TUNNEL}.service {TUNNEL}.socket"
    return Commands(
        name="Logs | nothing is sent elsewhere",
        unless=f"! systemctl is-active -q {units}",
        commands=[f"systemctl stop {units}", f"rm -f {STATE}"],
    )


def _numeric(name: str) -> bool:
    return ":" in name or name.replace(".", "").isdigit()
