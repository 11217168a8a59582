"""Each role's entries in an environment."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr

from roles import (
    app,
    backup,
    bans,
    base,
    firewall,
    hardening,
    logs,
    nginx,
    pgbouncer,
    postgres,
    redis,
    ssh,
    tls,
)
from roles.core.entries import Entry

from .model import Environment
from .small import MINIMAL


def site(of: Environment) -> nginx.Site:
    """What Nginx serves in an environment."""
    application = of.settings.app
    static = app.static(application)
    return nginx.Site(
        name=application.name,
        domain=of.settings.domain,
        aliases=of.settings.aliases,
        sockets=tuple(app.sockets(application, of.machine, of.release)),
        static=(("/static/", static),) if static else (),
        uploads=app.uploads(application),
        health=application.health.path,
        transport=tls.transport(of.settings.tls),
    )


def _app(of: Environment) -> list[Entry]:
    return app.entries(
        of.settings.app,
        of.machine,
        of.release,
        domain=of.settings.domain,
        environment=of.settings.environment,
        database_url=pgbouncer.url(of.settings.pgbouncer, of.settings.postgres),
        migration_url=postgres.url(of.settings.postgres),
        redis_url=redis.url(of.settings.redis),
    )


def _backup(of: Environment) -> list[Entry]:
    database = of.settings.postgres
    kept = backup.Kept(
        app=of.settings.app.name,
        uploads=app.uploads(of.settings.app),
        cluster=postgres.cluster(database, of.machine),
        port=database.port,
        databases=(database.database, *database.databases),
        redis_port=of.settings.redis.port,
    )
    return backup.entries(of.settings.backup, of.machine, kept)


def _tls(of: Environment) -> list[Entry]:
    given = tls.Given("THE CERTIFICATE\n", SecretStr("ITS KEY\n"))
    found = tls.entries(of.settings.tls, given if of.settings.tls.certificate == "given" else None)
    if of.settings.tls.certificate == "acme":
        names = (of.settings.domain, *of.settings.aliases)
        found += tls.definition.entries(of.settings.tls.acme, names)
    return found


ROLES: dict[str, Callable[[Environment], list[Entry]]] = {
    "app": _app,
    "backup": _backup,
    "bans": lambda of: bans.entries(of.settings.bans, of.machine, of.settings.firewall.web_ports),
    "base": lambda of: base.entries(of.settings.base, of.machine),
    "firewall": lambda of: firewall.entries(of.settings.firewall, of.machine),
    "hardening": lambda of: hardening.entries(of.settings.hardening, of.machine),
    "logs": lambda of: logs.entries(of.settings.logs, of.machine, of.settings.app.name),
    "nginx": lambda of: nginx.entries(of.settings.nginx, of.machine, site(of)),
    "pgbouncer": lambda of: pgbouncer.entries(
        of.settings.pgbouncer, of.machine, of.settings.postgres
    ),
    "postgres": lambda of: postgres.entries(of.settings.postgres, of.machine),
    "redis": lambda of: redis.entries(of.settings.redis, of.machine),
    "ssh": lambda of: ssh.entries(
        of.settings.sshd, of.machine, user=of.settings.ssh.user, rsa=of is not MINIMAL
    ),
    "tls": _tls,
}
"""Each role's entries in an environment."""
