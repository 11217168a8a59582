"""What the settings demand of the machine they are for, checked before its first change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from roles.app.builds import build
from roles.app.credentials import credentials
from roles.app.placed import Placed
from roles.app.process_layout import running_kind
from roles.app.releases import Release
from roles.app.sizing import claimed_mb as app_mb
from roles.applications import own_keys, placed
from roles.core.errors import OperatorError
from roles.core.foreign import Ours, in_the_way, would_end
from roles.core.machine import Machine
from roles.core.owner import UNMANAGED
from roles.core.together import alone
from roles.external.sources import caches, databases
from roles.postgres.lost import lost
from roles.postgres.tuning import tune
from roles.redis.tuning import claimed_mb as redis_mb

from . import external
from .alerts import alerts_fit
from .ports import HTTP, HTTPS, here

if TYPE_CHECKING:
    from settings import Settings

# Left for the kernel, systemd, sshd, Nginx and the log daemons.
SYSTEM_MB = 150
_KB_PER_MB = 1024


Releases = Mapping[str, Placed]
"""By application."""


def check_host(
    settings: Settings, machine: Machine, releases: Mapping[str, Release] | Release, name: str = ""
) -> None:
    """Raise OperatorError with all that stands in the way of `releases` on `machine`: it is too
    small, or has what is somebody else's. `name` is the host's."""
    those = placed(settings, machine, releases)
    problems = [problem for check in CHECKS for problem in check(settings, machine, those)]
    if problems:  # else what is against building it is found where it is planned
        problems += built(settings, machine, those)
    where = f"[{name}] " if name else ""
    if len(problems) == 1:
        raise OperatorError(f"{where}{problems[0]}; nothing has been changed")
    if problems:
        headline = f"{len(problems)} things do not fit this host; nothing has been changed:"
        raise OperatorError("\n    ".join([f"{where}{headline}", *problems]))


def memory_fits(settings: Settings, machine: Machine, releases: Releases) -> Iterator[str]:
    """What is certain to be taken at some time fits the memory: PostgreSQL's buffers and one
    maintenance, Redis's data, the applications' ceilings, the system."""
    tuning = tune(settings.postgres, machine)
    of_database = (tuning.shared_buffers + tuning.maintenance_work_mem) // _KB_PER_MB
    of_redis = redis_mb(settings.redis, machine)
    services = {
        "postgres": ("PostgreSQL (postgres.memory_percent)", of_database),
        "redis": ("Redis (redis.maxmemory_mb and half of it)", of_redis),
    }
    wanted = {
        **dict(services[name] for name in here(settings) if name in services),
        **{_whose(view): app_mb(view.app, machine) for view in settings.applications},
        "the system": SYSTEM_MB,
    }
    total = sum(wanted.values())
    if total > machine.memory_mb:
        parts = ", ".join(f"{name} {size}" for name, size in wanted.items())
        yield f"memory: {parts}: {total} MiB in all, but the host has {machine.memory_mb}"


def _whose(view: Settings) -> str:
    if view.app.alone:
        return "the application (app.memory_share_percent)"
    key = f"apps.{view.app.name}"
    return f"{view.app.name} ({key}.memory_share_percent, or of {key}.share_percent)"


def processes_fit(settings: Settings, machine: Machine, releases: Releases) -> Iterator[str]:
    """Every process has a command, a database connection and memory."""
    for view in settings.applications:
        try:
            _ = releases[view.app.name].layout
        except OperatorError as error:
            yield from _own(view, error)


def built(settings: Settings, machine: Machine, releases: Releases) -> list[str]:
    """What of a release cannot be built, as far as it is known what it is."""
    found: list[str] = []
    for view in settings.applications:
        release = releases[view.app.name].release
        try:
            if kind := running_kind(view.app, release):
                build(view.app, kind, release, machine)
        except OperatorError as error:
            found += _own(view, error)
    return found


def _own(view: Settings, error: OperatorError) -> list[str]:
    name = "" if view.app.alone else view.app.name
    return [own_keys(each, name) for each in alone(error)]


def cache_clients_fit(settings: Settings, machine: Machine, releases: Releases) -> Iterator[str]:
    """Redis accepts all connections that the processes may open, of two releases at a switch."""
    views = caches(settings)
    try:
        counts = [releases[view.app.name].layout.processes for view in views]
    except OperatorError:
        return  # processes_fit says why
    pools = [view.app.redis_pool for view in views]
    wanted = sum(2 * count * pool for count, pool in zip(counts, pools, strict=True))
    if wanted <= settings.redis.maxclients:
        return
    if not settings.apps:
        yield (
            f"redis.maxclients: {counts[0]} processes with {pools[0]} connections"
            f" each (app.redis_pool) may open {wanted} while a release is switched, but"
            f" redis.maxclients is {settings.redis.maxclients}"
        )
        return
    each = ", ".join(
        f"{count} with {view.app.redis_pool} each (apps.{view.app.name}.redis_pool)"
        for view, count in zip(views, counts, strict=True)
    )
    yield (
        f"redis.maxclients: the processes ({each}) may open {wanted} connections while releases are"
        f" switched, but redis.maxclients is {settings.redis.maxclients}"
    )


def nothing_else_is_here(settings: Settings, machine: Machine, releases: Releases) -> Iterator[str]:
    """Nobody else's program holds a port, and no other site or database would be lost."""
    services = {
        "postgres": Ours("postgres", "postgres.port", "postgresql@*-main.service"),
        "pgbouncer": Ours("pgbouncer", "pgbouncer.port", "pgbouncer.service"),
        "redis": Ours("redis-server", "redis.port", "redis-server.service"),
    }
    ports = {
        HTTP: Ours("nginx", "Nginx"),
        HTTPS: Ours("nginx", "Nginx"),
        **{getattr(settings, name).port: services[name] for name in here(settings)},
    }
    yield from in_the_way(machine.foreign, ports)
    if settings.base.take_over != UNMANAGED:
        yield from would_end(machine.foreign)


def nothing_is_lost(settings: Settings, machine: Machine, releases: Releases) -> Iterator[str]:
    """No database that had something is to be begun anew."""
    for view in databases(settings):
        of = "" if view.app.alone else view.app.name
        yield from lost(view.postgres, machine, released=bool(credentials(machine, of)), of=of)


CHECKS: tuple[Callable[[Settings, Machine, Releases], Iterator[str]], ...] = (
    memory_fits,
    processes_fit,
    cache_clients_fit,
    external.clients_fit,
    nothing_else_is_here,
    nothing_is_lost,
    alerts_fit,
)
