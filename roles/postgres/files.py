"""Every file that PostgreSQL needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from roles.core.entries import Directory, Entry
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.core.templates import render

from .quoting import token
from .session import LOCK_SECONDS, options, patient
from .settings import Postgres
from .tuning import GB, KB, MB, tune
from .wanted import POOLER, wanted

RELOAD = "/usr/local/sbin/postgres-reload"
RELOAD_TRIES = 50  # tenths of a second that a running server may take to read its files
MAINTENANCE = "/usr/local/sbin/postgres-maintenance"
LZ4_SINCE = 15


@dataclass(frozen=True)
class Cluster:
    """Where Debian's packages have the cluster "main" of a major version."""

    version: int

    @property
    def unit(self) -> str:
        """Name of its systemd unit."""
        return f"postgresql@{self.version}-main"

    @property
    def etc(self) -> str:
        """Its configuration."""
        return f"/etc/postgresql/{self.version}/main"

    @property
    def data(self) -> str:
        """Its data."""
        return f"/var/lib/postgresql/{self.version}/main"

    @property
    def bin(self) -> str:
        """The server's own programs."""
        return f"/usr/lib/postgresql/{self.version}/bin"

    @property
    def override(self) -> str:
        """What the unit has beyond the package's."""
        return "/etc/systemd/system/postgresql@.service.d/readyhost.conf"


def cluster(settings: Postgres, machine: Machine) -> Cluster:
    """The cluster that this host has. Raises OperatorError for a version it can't have."""
    shipped = machine.versions.postgresql
    if settings.version not in (None, shipped):
        raise OperatorError(
            f"postgres.version is {settings.version}, but {machine.codename} has PostgreSQL"
            f" {shipped} and no other repository is configured: leave postgres.version out, or"
            " take a distribution that ships it. Nothing has been changed"
        )
    return Cluster(int(shipped))


def packages(settings: Postgres, machine: Machine) -> list[str]:
    """The packages that PostgreSQL, its extensions and its maintenance need."""
    version = cluster(settings, machine).version
    extensions = [name.format(version=version) for name in settings.extension_packages]
    return [f"postgresql-{version}", "ssl-cert", "cron", *extensions]


def entries(settings: Postgres, machine: Machine, timezone: str) -> list[Entry]:
    """PostgreSQL's files. None holds a password: those are in the server, as verifiers.

    timezone: what sessions begin with, and that of the log.
    """
    server = cluster(settings, machine)
    write = partial(render, "postgres", settings=settings, cluster=server)
    logins = [token(name) for name in wanted(settings).logins]

    def configuration(name: str, **context: object) -> Entry:
        return write(
            f"{server.etc}/{name}",
            template=f"postgres/etc/postgresql/main/{name}.j2",
            owner="postgres",
            group="postgres",
            mode=0o640,
            **context,
        )

    # The packages give these to postgres, which could put links in them for root to write through.
    folders = ["/etc/postgresql", f"/etc/postgresql/{server.version}", server.etc]
    return [
        *(Directory(path) for path in [*folders, f"{server.etc}/conf.d"]),
        configuration(
            "conf.d/readyhost.conf",
            timezone=timezone,
            addresses=["localhost", *settings.listen],
            tuning=tune(settings, machine),
            size=size,
            lz4=server.version >= LZ4_SINCE,
        ),
        # pg_ctlcluster's: whether it starts at boot.
        configuration("start.conf"),
        configuration("pg_hba.conf", pooled=[POOLER, *logins]),
        configuration("pg_ident.conf", pooled=[POOLER, *logins]),
        write(server.override),
        write(RELOAD, mode=0o755, tries=RELOAD_TRIES, session=options()),
        write(MAINTENANCE, mode=0o755, session=patient(), lock_seconds=LOCK_SECONDS),
        write("/etc/cron.d/postgres-maintenance", maintenance=MAINTENANCE),
    ]


def size(kilobytes: int) -> str:
    """A size as PostgreSQL's SHOW prints it: in the largest unit that divides it.

    >>> size(524288), size(4854)
    ('512MB', '4854kB')
    """
    for unit, name in ((GB, "GB"), (MB, "MB")):
        if kilobytes and kilobytes % unit == 0:
            return f"{kilobytes // unit}{name}"
    return f"{kilobytes // KB}kB"
