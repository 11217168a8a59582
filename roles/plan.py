"""What a host becomes: the part of each role, in the order in which a host gets them. Pure.

A role gets its own section of the settings, the machine, and by name what it needs of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roles import (
    app,
    backup,
    bans,
    base,
    firewall,
    hardening,
    logs,
    maintained,
    nginx,
    pgbouncer,
    postgres,
    redis,
    ssh,
    tls,
)
from roles.core import own, units
from roles.core.added import added
from roles.core.applied import Applied, marks
from roles.core.machine import Machine
from roles.core.place import Place
from roles.core.plan import Plan
from roles.core.secret import secrets_of
from roles.core.step import Part
from roles.rules import ports
from roles.rules.known import known
from roles.rules.rotation import rotation
from roles.tls.configuration import tls_configuration

if TYPE_CHECKING:
    from settings import Settings

HELD = ("fail2ban", "nginx", "pgbouncer", "postgresql", "redis-server", "rsyslog")
"""Units that do not start with their packages: nothing listens with a distribution's defaults, and
nothing starts twice."""


def asked(settings: Settings, tag: str, *, note: bool = True) -> tuple[str, ...]:
    """What roles ask a host in the question for its machine. tag: of the release. note: whether
    the host may remember what it was asked; without, nothing there is touched."""
    return (
        redis.ASK,
        nginx.ASK,
        app.ask(settings.app, tag, note=note),
        postgres.ask(settings.postgres, note=note),
        maintained.ASK,
        ports.ask(settings),
        firewall.ASK,
        hardening.ASK,
        ssh.ASK,
        own.ASK,
    )


def plan(settings: Settings, machine: Machine, release: app.Release, user: str = "") -> Plan:
    """What `machine`, which has answered `asked`, becomes with `release` live on it. user: who the
    run is connected as, ssh.user if empty.

    Raises OperatorError for what cannot be on this machine.
    """
    change = rotation(settings, machine)
    zone = base.zone(settings.base)
    confirm_within = settings.ssh.confirm_within
    certificate = tls.certificate(settings.tls, machine, (settings.domain, *settings.aliases))
    parts = [
        firewall.part(settings.firewall, machine, confirm_within=confirm_within),
        backup.login(settings.backup),
        ssh.part(
            settings.sshd,
            machine,
            user=user or settings.ssh.user,
            admins=(*settings.base.admins, *backup.account(settings.backup)),
            confirm_within=confirm_within,
        ),
        hardening.part(settings.hardening, machine),
        postgres.part(
            settings.postgres,
            machine,
            change.login,
            timezone=settings.base.timezone,
            keep=change.database,
        ),
        backup.part(settings.backup, machine, _kept(settings, machine)),
        pgbouncer.part(
            settings.pgbouncer,
            machine,
            server=settings.postgres,
            timezone=settings.base.timezone,
        ),
        redis.part(settings.redis, machine, keep=change.redis),
        logs.part(
            settings.logs,
            machine,
            app=settings.app.name,
            zone=zone,
            secrets=tuple(secrets_of(settings)),
        ),
        certificate.part,
        nginx.part(
            settings.nginx,
            machine,
            site=_site(settings, machine, release),
            zone=zone,
            certificate=certificate.used,
        ),
        bans.part(
            settings.bans,
            machine,
            web_ports=settings.firewall.web_ports,
            ssh_tries=settings.sshd.max_tries,
        ),
        application(settings, machine, release),
        maintained.part(
            settings.maintained,
            machine,
            app=settings.app.name,
            env=settings.app.build.env,
            certbot=tls.pinned_certbot(settings.tls),
        ),
        *own.parts(settings.own, machine),
    ]
    host = base.part(
        settings.base,
        machine,
        packages=[package for part in parts for package in part.packages],
        confirm_within=confirm_within,
        held=HELD,
    )
    places = (*_places(settings, machine), *units.takes([host, *parts]))
    values = _values(settings, machine, release)
    wanted = Plan(tuple(added([host, *parts], settings.snippets, places, values)))
    own.require_own_paths(wanted)
    applied = Part("host", last=(Applied(marks(wanted.steps)),))
    return Plan((*wanted.parts, own.gone(machine, wanted), applied))


def application(
    settings: Settings, machine: Machine, release: app.Release, *, back: bool = False
) -> Part:
    """The release alone, on a host that has all else. back: whether it goes back to it."""
    login = rotation(settings, machine).login
    return app.part(
        settings.app,
        machine,
        release,
        environment=settings.environment,
        values=known(settings, login),
        back=back,
    )


def _places(settings: Settings, machine: Machine) -> tuple[Place, ...]:
    """Where roles take files of the team's."""
    return (
        *nginx.takes(),
        *postgres.takes(settings.postgres, machine),
        *redis.takes(),
        *base.takes(machine),
        *logs.takes(),
        *bans.takes(),
    )


def _values(
    settings: Settings, machine: Machine, release: app.Release
) -> dict[str, dict[str, Any]]:
    """What the team's files may print, by the role that takes them: its slice as `settings`."""
    site = _site(settings, machine, release)
    common = {"machine": machine, "site": site, "own": settings.own}
    slices = {name: getattr(settings, name, None) for name in type(settings).model_fields}
    return {name: {**common, "settings": each} for name, each in slices.items()}


def _kept(settings: Settings, machine: Machine) -> backup.Kept:
    """What is backed up."""
    return backup.Kept(
        app=settings.app.name,
        uploads=app.uploads(settings.app),
        cluster=postgres.cluster(settings.postgres, machine),
        port=settings.postgres.port,
        databases=(settings.postgres.database, *settings.postgres.databases),
        redis_socket=redis.SOCKET,
        guard=postgres.RESTORED,
    )


def _site(settings: Settings, machine: Machine, release: app.Release) -> nginx.Site:
    """What Nginx serves."""
    static = app.static(settings.app)
    return nginx.Site(
        name=settings.app.name,
        domain=settings.domain,
        aliases=settings.aliases,
        sockets=tuple(app.sockets(settings.app, machine, release)),
        static=(("/static/", static),) if static else (),
        served=app.served(settings.app),
        mounts=tuple(
            nginx.Mount(mount.url, key, mount.fallback, mount.cache)
            for mount, key in app.mounted(settings.app)
        ),
        routed=app.routed(settings.app),
        kept=settings.app.keep_releases,
        uploads=app.uploads(settings.app),
        health=settings.app.health.path,
        tls=tls_configuration(settings.tls),
    )
