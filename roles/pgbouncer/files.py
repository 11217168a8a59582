"""Every file that PgBouncer needs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from roles.core.entries import Entry, File
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.core.templates import render
from roles.postgres import Postgres
from roles.postgres.connection import LOOKUPS
from roles.postgres.wanted import session_limits

from .elsewhere import Elsewhere, logins
from .pools import open_files, pools
from .settings import PgBouncer

ETC = "/etc/pgbouncer"
MAIN = f"{ETC}/pgbouncer.ini"
ADDRESSES = f"{ETC}/addresses.ini"
CLIENTS = f"{ETC}/clients.conf"
LOGINS = f"{ETC}/logins.conf"
AUTHORITIES = f"{ETC}/authorities.pem"
SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
UNIT = "/etc/systemd/system/pgbouncer.service"

SHIPPED = {
    "jammy": (1, 16),
    "bookworm": (1, 18),
    "noble": (1, 22),
    "trixie": (1, 24),
}
PREPARED_STATEMENTS_SINCE = (1, 21)


def packages(settings: PgBouncer, machine: Machine) -> list[str]:
    """The packages that PgBouncer needs."""
    return ["pgbouncer", "postgresql-client", "ssl-cert"]


def entries(
    settings: PgBouncer,
    machine: Machine,
    server: Postgres,
    timezone: str,
    *,
    local: bool = True,
    elsewhere: Sequence[Elsewhere] = (),
) -> list[Entry]:
    """PgBouncer's files. None holds a password of the server on this host: it looks them up there.

    timezone: what the server's sessions begin with. local: whether there is a server on this host.
    elsewhere: databases that are not.
    Raises OperatorError when the host can't give it as many open files as its clients take.
    """
    further = {**(server.further_pools if local else {}), **{e.alias: e.size for e in elsewhere}}
    files = open_files(settings, further)
    if files > machine.open_files:
        raise OperatorError(
            f"pgbouncer.max_clients is {settings.max_clients}, which takes {files} open files,"
            f" but this host allows {machine.open_files} a process: set it lower."
            " Nothing has been changed"
        )
    write = partial(render, "pgbouncer", settings=settings)
    private = partial(write, mode=0o640, owner="root", group="postgres")
    version = SHIPPED[machine.codename]
    own = sorted({each.authorities for each in elsewhere if each.authorities})
    return [
        private(
            MAIN,
            pools=pools(settings, server.database, server.further_pools) if local else [],
            elsewhere=elsewhere,
            logins=LOGINS,
            authorities=AUTHORITIES if own else SYSTEM_AUTHORITIES,
            lookups=LOOKUPS,
            server_port=server.port,
            addresses=ADDRESSES,
            clients=CLIENTS,
            prepared_statements=version >= PREPARED_STATEMENTS_SINCE,
            sessions=[*session_limits(server), f"all: timezone={timezone}"] if local else [],
        ),
        private(ADDRESSES, listen=["127.0.0.1", *settings.listen]),
        private(CLIENTS, elsewhere=elsewhere),
        *([_logins(elsewhere)] if elsewhere else []),
        *([File(AUTHORITIES, "\n".join(own).encode())] if own else []),
        write(UNIT, main=MAIN, open_files=files),
    ]


def _logins(elsewhere: Sequence[Elsewhere]) -> File:
    lines = [line.get_secret_value() for line in logins(elsewhere)]
    content = "".join(f"{line}\n" for line in lines)
    return File(LOGINS, content, mode=0o640, group="postgres", secret=True)
