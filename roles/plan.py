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
    postgres,
    redis,
    ssh,
    tls,
)
from roles.applications import by_name, gone, in_common, in_keys_of, placed
from roles.core import own, units
from roles.core.added import added
from roles.core.applied import Applied, marks
from roles.core.machine import Machine
from roles.core.plan import Plan
from roles.core.secret import secrets_of
from roles.core.snippet_place import SnippetPlace
from roles.core.step import Part
from roles.external import access, leftovers
from roles.external.sources import databases
from roles.handed import scraped
from roles.handed.around import around
from roles.handed.services import backups, database, services
from roles.handed.site import site
from roles.rules import ports
from roles.rules.known import known
from roles.rules.rotation import Rotation, changes, rotation

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
Here = Mapping[str, app.Placed]
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
        leftovers.ASK,
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
    here = placed(settings, machine, releases)
    views, whole = settings.applications, settings.host
    sites = tuple(site(view, here[view.app.name]) for view in views)
    # Once for each: the comparison of passwords is slow on purpose, so that nobody tries many.
    rotations = {view.app.name: rotation(view, machine) for view in views}
    change = changes(settings, rotations)
    names = list(dict.fromkeys(n for view in views for n in (view.domain, *view.aliases)))
    zone = base.zone(settings.base)
    confirm_within = settings.ssh.confirm_within_seconds
    watched = monitoring.is_on(settings.monitoring, machine)
    certificate = tls.certificate(settings.tls, machine, tuple(names))
    remote = monitoring.is_remote(settings.monitoring, machine)
    measured = monitoring.answers(around(settings), remote=remote) if watched else {}
    early, late = _applications(settings, machine, here, rotations)
    parts = [
        *([monitoring.accounts(around(settings))] if watched else []),
        *(app.account(each) for each in ports.with_own(settings, here)),
        firewall.part(
            scraped.firewall(settings, machine),
            machine,
            confirm_within=confirm_within,
            kept={**ports.kept(settings, here), **measured},
            asked=firewall.Asked(tuple(measured), monitoring.asks(remote=remote)),
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
        *services(settings, machine, change, watched=watched),
        *early,
        *database(settings, machine, change, watched=watched),
        *backups(settings, machine),
        logs.part(
            settings.logs,
            machine,
            apps=tuple(view.app.name for view in views),
            zone=zone,
            secrets=(*secrets_of(settings), *access.secrets(settings)),
        ),
        certificate.part,
        nginx.part(
            settings.nginx,
            machine,
            sites=sites,
            zone=zone,
            certificate=certificate.used,
            status=monitoring.STATUS_PORT if watched else 0,
            measured=scraped.scraped(settings, machine),
        ),
        bans.part(
            settings.bans,
            machine,
            web_ports=settings.firewall.web_ports,
            ssh_tries=settings.sshd.max_tries,
        ),
        *late,
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
        monitoring.part(
            settings.monitoring,
            machine,
            around=around(settings),
            sent=monitoring.sent(settings.monitoring, settings.environment),
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
    values = _values(settings, machine, sites)
    wanted = Plan(tuple(added([host, *parts], settings.snippets, places, values)))
    own.require_own_paths(wanted)
    applied = Part("host", last=(Applied(marks(wanted.steps)),))
    return Plan((*wanted.parts, own.gone(machine, wanted), applied)).shared()


def _applications(
    settings: Settings, machine: Machine, here: Here, rotations: Mapping[str, Rotation]
) -> tuple[list[Part], list[Part]]:
    """The parts of all applications: those that have gone, what several share, then each release.
    Out: what a host without a release begins before its database, and the rest."""
    views = settings.applications
    names = [view.app.name for view in views]
    parts = [
        application(view, here[name], rotations[name].login)
        for view, name in zip(views, names, strict=True)
    ]
    if settings.apps:
        parts = [*gone(machine, list(settings.apps)), in_common(), *parts]
    is_first = app.is_first(machine, [view.app for view in views])
    return app.ahead(parts) if is_first else ([], parts)


def application(
    view: Settings, placed: app.Placed, login: str, *, is_rollback: bool = False
) -> Part:
    """The part that makes the release of an application's view live, on a host that has all else.
    login: the database role of its rotation. is_rollback: whether it goes back to it."""
    with in_keys_of("" if view.app.alone else view.app.name):
        return app.part(
            placed,
            environment=view.environment,
            values=known(view, login),
            is_rollback=is_rollback,
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


def _values(
    settings: Settings, machine: Machine, sites: tuple[nginx.Site, ...]
) -> dict[str, dict[str, Any]]:
    """What the team's files may print, by the role that takes them: its slice as `settings`."""
    common = {"machine": machine, "site": sites[0], "sites": sites, "own": settings.own}
    slices = {name: getattr(settings, name, None) for name in type(settings).model_fields}
    return {name: {**common, "settings": each} for name, each in slices.items()}
