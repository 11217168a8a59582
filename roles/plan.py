"""What a host becomes: the part of each role, in the order in which a host gets them. Pure.

A role gets its own section of the settings, the machine, and by name what it needs of others.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from roles.applications import by_name, gone, in_common, named
from roles.core import own, units
from roles.core.added import added
from roles.core.applied import Applied, marks
from roles.core.machine import Machine
from roles.core.plan import Plan
from roles.core.secret import secrets_of
from roles.core.snippet_place import SnippetPlace
from roles.core.step import Part
from roles.rules import ports
from roles.rules.known import known
from roles.rules.rotation import changes, rotation
from roles.tls.configuration import tls_configuration

if TYPE_CHECKING:
    from settings import Settings

HELD = ("fail2ban", "nginx", "pgbouncer", "postgresql", "redis-server", "rsyslog")
"""Units that do not start with their packages: nothing listens with a distribution's defaults, and
nothing starts twice."""


Releases = Mapping[str, app.Release]
"""By application."""


def asked(
    settings: Settings, tags: Mapping[str, str] | str, *, note: bool = True
) -> tuple[str, ...]:
    """What roles ask a host in the question for its machine. tags: of the releases, by application.
    note: whether the host may remember what it was asked; without, nothing there is touched."""
    tags = by_name(settings, tags)
    return (
        redis.ASK,
        nginx.ASK,
        *(app.ask(each.app, tags[each.app.name], note=note) for each in settings.applications),
        postgres.ask(settings.host.postgres, note=note),
        maintained.ASK,
        ports.ask(settings),
        firewall.ASK,
        hardening.ASK,
        ssh.ASK,
        own.ASK,
    )


def plan(
    settings: Settings, machine: Machine, releases: Releases | app.Release, user: str = ""
) -> Plan:
    """What `machine`, which has answered `asked`, becomes with `releases` live on it. user: who the
    run is connected as, ssh.user if empty.

    Raises OperatorError for what cannot be on this machine.
    """
    releases = by_name(settings, releases)
    views, whole = settings.applications, settings.host
    change = changes(settings, machine)
    names = [name for view in views for name in (view.domain, *view.aliases)]
    zone = base.zone(settings.base)
    confirm_within = settings.ssh.confirm_within
    certificate = tls.certificate(settings.tls, machine, tuple(names))
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
            whole.postgres,
            machine,
            change.logins,
            timezone=settings.base.timezone,
            keep=change.databases,
        ),
        backup.part(settings.backup, machine, _kept(settings, machine)),
        pgbouncer.part(
            whole.pgbouncer,
            machine,
            server=whole.postgres,
            timezone=settings.base.timezone,
        ),
        redis.part(whole.redis, machine, keep=change.redis),
        logs.part(
            settings.logs,
            machine,
            apps=tuple(view.app.name for view in views),
            zone=zone,
            secrets=tuple(secrets_of(settings)),
        ),
        certificate.part,
        nginx.part(
            settings.nginx,
            machine,
            sites=tuple(_site(view, machine, releases[view.app.name]) for view in views),
            zone=zone,
            certificate=certificate.used,
        ),
        bans.part(
            settings.bans,
            machine,
            web_ports=settings.firewall.web_ports,
            ssh_tries=settings.sshd.max_tries,
        ),
        *_applications(settings, machine, releases),
        maintained.part(
            settings.maintained,
            machine,
            apps=tuple(view.app.name for view in views),
            env=whole.app.build.env,
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
    places = (*_snippet_places(settings, machine), *units.takes([host, *parts]))
    values = _values(settings, machine, releases)
    wanted = Plan(tuple(added([host, *parts], settings.snippets, places, values)))
    own.require_own_paths(wanted)
    applied = Part("host", last=(Applied(marks(wanted.steps)),))
    return Plan((*wanted.parts, own.gone(machine, wanted), applied))


def _applications(settings: Settings, machine: Machine, releases: Releases) -> list[Part]:
    """Their releases, after what has gone; what several share comes first."""
    views = settings.applications
    parts = [application(view, machine, releases[view.app.name]) for view in views]
    if not settings.apps:
        return parts
    return [*gone(machine, list(settings.apps)), in_common(), *parts]


def application(
    view: Settings, machine: Machine, release: app.Release, *, is_rollback: bool = False
) -> Part:
    """The release alone of an application's view, on a host that has all else. back: whether it
    goes back to it."""
    login = rotation(view, machine).login
    with named("" if view.app.alone else view.app.name):
        return app.part(
            view.app,
            machine,
            release,
            environment=view.environment,
            values=known(view, login),
            is_rollback=is_rollback,
        )


def _snippet_places(settings: Settings, machine: Machine) -> tuple[SnippetPlace, ...]:
    """Where roles take files of the team's."""
    return (
        *nginx.takes(),
        *postgres.takes(settings.postgres, machine),
        *redis.takes(),
        *base.takes(machine),
        *logs.takes(),
        *bans.takes(),
    )


def _values(settings: Settings, machine: Machine, releases: Releases) -> dict[str, dict[str, Any]]:
    """What the team's files may print, by the role that takes them: its slice as `settings`."""
    sites = [_site(view, machine, releases[view.app.name]) for view in settings.applications]
    common = {"machine": machine, "site": sites[0], "sites": sites, "own": settings.own}
    slices = {name: getattr(settings, name, None) for name in type(settings).model_fields}
    return {name: {**common, "settings": each} for name, each in slices.items()}


def _kept(settings: Settings, machine: Machine) -> backup.Kept:
    """What is backed up."""
    views, host = settings.applications, settings.host
    return backup.Kept(
        app=host.app.name,
        uploads=app.uploads(host.app),
        cluster=postgres.cluster(settings.postgres, machine),
        port=settings.postgres.port,
        databases=(
            *(view.postgres.database for view in views),
            *settings.postgres.databases,
        ),
        apps=kept_apps(settings),
        redis_socket=redis.SOCKET,
        guard=postgres.RESTORED,
    )


def kept_apps(settings: Settings) -> tuple[backup.KeptApp, ...]:
    """What is each application's own of that, where there are several."""
    return tuple(
        backup.KeptApp(each.app.name, app.uploads(each.app), each.postgres.database)
        for each in settings.applications
        if settings.apps
    )


def _bucket(settings: Settings) -> nginx.Bucket | None:
    """Where an application's uploads are, if not on the host."""
    bucket = app.bucket(settings.app)
    if not bucket:
        return None
    return nginx.Bucket(bucket.url, bucket.host, bucket.access == "public", bucket.ca_file)


def _site(settings: Settings, machine: Machine, release: app.Release) -> nginx.Site:
    """What Nginx serves of an application's view."""
    static = app.static(settings.app)
    routes = app.routes(settings.app, machine, release)
    return nginx.Site(
        name=settings.app.name,
        domain=settings.domain,
        aliases=settings.aliases,
        sockets=tuple(app.sockets(settings.app, machine, release)),
        static=(("/static/", static),) if static else (),
        served=app.served(settings.app),
        mounts=tuple(
            nginx.Mount(mount.url, key, mount.fallback, mount.cache, mount.cdn_seconds)
            for mount, key in app.mounted(settings.app)
        ),
        routed=app.routed(settings.app),
        routes=tuple(nginx.Route(**vars(each)) for each in routes),
        own=app.own(settings.app) if routes else (),
        live=app.live(settings.app) if routes else "",
        kept=settings.app.keep_releases,
        uploads=app.uploads(settings.app),
        bucket=_bucket(settings),
        health=settings.app.health.path,
        alone=settings.app.alone,
        tls=tls_configuration(settings.tls),
    )
