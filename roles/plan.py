"""What a host becomes: the part of each role, in the order in which a host gets them. Pure.

A role gets its own section of the settings, the machine, and by name what it needs of others.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from roles import (
    alerts,
    app,
    backup,
    bans,
    base,
    firewall,
    hardening,
    logs,
    maintained,
    monitoring,
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
from roles.external import authorities, given, left, urls
from roles.external import role as external
from roles.external.sources import databases, pooled
from roles.rules import ports
from roles.rules.known import known
from roles.rules.rotation import Changes, changes, rotation
from roles.tls.configuration import tls_configuration

if TYPE_CHECKING:
    from settings import Settings

HELD = (
    *("fail2ban", "nginx", "pgbouncer", "postgresql", "redis-server", "rsyslog"),
    *monitoring.ALL_UNITS,
    "prometheus-alertmanager",
)
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
        *([postgres.ask(settings.host.postgres, note=note)] if databases(settings) else ()),
        left.ASK,
        maintained.ASK,
        monitoring.ASK,
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
    confirm_within = settings.ssh.confirm_within_seconds
    watched = monitoring.is_on(settings.monitoring, machine)
    certificate = tls.certificate(settings.tls, machine, tuple(names))
    parts = [
        firewall.part(
            settings.firewall,
            machine,
            confirm_within=confirm_within,
            kept=ports.kept(settings),
        ),
        backup.login(settings.backup),
        ssh.part(
            settings.sshd,
            machine,
            user=user or settings.ssh.user,
            admins=(*settings.base.admins, *backup.account(settings.backup)),
            confirm_within=confirm_within,
        ),
        hardening.part(settings.hardening, machine),
        *_services(settings, machine, change, watched=watched),
        logs.part(
            settings.logs,
            machine,
            apps=tuple(view.app.name for view in views),
            zone=zone,
            secrets=(*secrets_of(settings), *given.secrets(settings)),
        ),
        certificate.part,
        nginx.part(
            settings.nginx,
            machine,
            sites=tuple(_site(view, machine, releases[view.app.name]) for view in views),
            zone=zone,
            certificate=certificate.used,
            status=monitoring.STATUS_PORT if watched else 0,
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
        alerts.part(
            settings.alerts,
            max_connections=settings.postgres.max_connections,
            without=("RedisMemory",)
            if settings.redis.maxmemory_policy.startswith("allkeys")
            else (),
        ),
        monitoring.part(settings.monitoring, machine, around=_around(settings)),
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


def _services(
    settings: Settings, machine: Machine, change: Changes, *, watched: bool
) -> list[Part]:
    """What the applications have beside themselves: as far as one of them has it on this host."""
    whole, here = settings.host, ports.here(settings)
    had = ["external"] in machine.tells("manifest")
    backed_up = ["backup"] if is_backed_up(settings) else []
    parts = [left.part(machine, [*here, *backed_up]), external.part(settings, had=had)]
    if "postgres" in here:
        parts.append(
            postgres.part(
                whole.postgres,
                machine,
                change.logins,
                timezone=settings.base.timezone,
                keep=change.databases,
                metrics=monitoring.DATABASE_ROLE if watched else "",
            )
        )
    if kept := _kept(settings, machine):
        parts.append(backup.part(settings.backup, machine, kept))
    if "pgbouncer" in here:
        parts.append(
            pgbouncer.part(
                whole.pgbouncer,
                machine,
                server=whole.postgres,
                timezone=settings.base.timezone,
                local="postgres" in here,
                elsewhere=_elsewhere(settings),
            )
        )
    if "redis" in here:
        parts.append(
            redis.part(
                whole.redis,
                machine,
                keep=change.redis,
                metrics=monitoring.redis_fingerprint(machine) if watched else None,
            )
        )
    return parts


def _elsewhere(settings: Settings) -> list[pgbouncer.Elsewhere]:
    """The databases elsewhere that the host's pooler is in front of."""
    found = []
    for view in pooled(settings):
        own = view.postgres.external
        if own.url:
            place = urls.database(own.url)
            found.append(
                pgbouncer.Elsewhere(
                    view.app.name,
                    place.host,
                    place.port,
                    place.name,
                    place.user,
                    place.password,
                    view.pgbouncer.pool_size,
                    authorities.read(own.ca_file) if own.ca_file else "",
                )
            )
    return found


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


def _around(settings: Settings) -> monitoring.Around:
    """What monitoring has to know of the other roles."""
    host, here = settings.host, ports.here(settings)
    return monitoring.Around(
        apps=tuple(
            monitoring.Watched(
                view.app.name,
                view.domain,
                view.aliases,
                view.app.health.path,
            )
            for view in settings.applications
        ),
        postgres_port=host.postgres.port if "postgres" in here else 0,
        pgbouncer_port=host.pgbouncer.port if "pgbouncer" in here else 0,
        redis_port=host.redis.port if "redis" in here else 0,
        trusted=settings.tls.certificate != "self-signed",
        alerts=settings.alerts.enabled,
    )


def _snippet_places(settings: Settings, machine: Machine) -> tuple[SnippetPlace, ...]:
    """Where roles take files of the team's."""
    here = ports.here(settings)
    return (
        *nginx.takes(),
        *(postgres.takes(settings.postgres, machine) if "postgres" in here else ()),
        *(redis.takes() if "redis" in here else ()),
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


def is_backed_up(settings: Settings) -> bool:
    """Whether there is something to back up: not where all applications are files that come from a
    repository, and nothing else is here."""
    static = all(view.app.kind == "static" for view in settings.applications)
    return not static or bool(ports.here(settings)) or bool(settings.backup.paths)


def _kept(settings: Settings, machine: Machine) -> backup.Kept | None:
    """What is backed up; nothing where all applications are files that come from a repository."""
    views, host, here = databases(settings), settings.host, ports.here(settings)
    if not is_backed_up(settings):
        return None
    return backup.Kept(
        app=host.app.name,
        uploads=app.uploads(host.app),
        cluster=postgres.cluster(settings.postgres, machine),
        port=settings.postgres.port,
        databases=(
            *(view.postgres.database for view in views),
            *(settings.postgres.databases if views else ()),
        ),
        has_database=bool(views),
        apps=kept_apps(settings),
        redis_socket=redis.SOCKET if "redis" in here else "",
        guard=postgres.RESTORED,
    )


def kept_apps(settings: Settings) -> tuple[backup.KeptApp, ...]:
    """What is each application's own of that, where there are several."""
    return tuple(
        backup.KeptApp(
            each.app.name,
            app.uploads(each.app),
            each.postgres.database if each.app.database == "local" else "",
        )
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
