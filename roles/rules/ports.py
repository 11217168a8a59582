"""Which TCP ports the programs listen on: each has its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from roles.app.units import GREEN_PORTS
from roles.core import foreign
from roles.core.environment import Conflict
from roles.external.sources import caches, databases, pooled
from roles.monitoring.exporters import ports as of_monitoring

if TYPE_CHECKING:
    from roles.app import App, Placed
    from settings import Settings

HTTP, HTTPS = 80, 443


def ask(settings: Settings) -> str:
    """Shell for the machine's question: who listens, where the host's own programs are to have
    other ports than they have."""
    files = {
        "postgres": "/etc/postgresql/*/main/conf.d/readyhost.conf",
        "pgbouncer": "/etc/pgbouncer/addresses.ini",
        "redis": "/etc/redis/redis.conf",
    }
    lines = {"postgres": "port =", "pgbouncer": "listen_port =", "redis": "port"}
    units = {"postgres": "postgresql@*-main", "pgbouncer": "pgbouncer", "redis": "redis-server"}
    return foreign.ask(
        {
            files[name]: (f"{lines[name]} {getattr(settings, name).port}", units[name])
            for name in here(settings)
        }
    )


def here(settings: Settings) -> list[str]:
    """The services that the host has, as their tables are called."""
    with_database = ["postgres"] if databases(settings) else []
    with_pooler = ["pgbouncer"] if with_database or pooled(settings) else []
    return [*with_database, *with_pooler, *(["redis"] if caches(settings) else [])]


def _ports(settings: Settings) -> Mapping[str, Iterable[int]]:
    """Ports by the key that sets them, "nginx" for those that nothing sets."""
    found: dict[str, Iterable[int]] = {
        "nginx": (HTTP, HTTPS),
        "ssh.port": (settings.ssh.port,),
        **{f"{name}.port": (getattr(settings, name).port,) for name in here(settings)},
    }
    if settings.monitoring.mode != "off":
        found["monitoring.mode"] = of_monitoring()
    if settings.monitoring.scraped_ca_file:
        found["monitoring.scraped_port"] = (settings.monitoring.scraped_port,)
    for view in settings.applications:
        web, key = view.app.web, f"apps.{view.app.name}" if settings.apps else "app"
        if web.listen == "port":
            found[f"{key}.web.first_port"] = range(web.first_port, web.first_port + 2 * GREEN_PORTS)
    return found


def kept(settings: Settings, releases: Mapping[str, Placed]) -> dict[str, str]:
    """Ports, as iptables takes them, each with the user whose service has it: while that starts
    anew, another could listen there. Those to which the applications say passwords and, where there
    are several, those at which each of them answers its visitors."""
    services = {
        str(settings.postgres.port): "postgres",
        str(settings.pgbouncer.port): "postgres",
        str(settings.redis.port): "redis",
    }
    return services | {_range(app.web.first_port): app.name for app in with_own(settings, releases)}


def with_own(settings: Settings, releases: Mapping[str, Placed]) -> list[App]:
    """Of several applications those that answer at ports."""
    several = [view.app for view in settings.applications] if settings.apps else []
    return [app for app in several if releases[app.name].has_ports]


def _range(first: int) -> str:
    """Both slots' ports."""
    return f"{first}:{first + 2 * GREEN_PORTS - 1}"


def ports_differ(settings: Settings) -> Iterator[Conflict]:
    """No two programs listen on one port."""
    taken: dict[int, str] = {}
    for key, numbers in _ports(settings).items():
        for port in numbers:
            if port in taken:
                keys = tuple(each for each in (key, taken[port]) if "." in each)
                yield Conflict(keys, f"port {port} is {taken[port]}'s already")
                break
            taken[port] = key
