"""Which TCP ports the programs listen on: each has its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from roles.app.units import GREEN_PORTS
from roles.core import foreign
from roles.core.environment import Conflict
from roles.monitoring.names import ports as of_monitoring

if TYPE_CHECKING:
    from settings import Settings

HTTP, HTTPS = 80, 443


def ask(settings: Settings) -> str:
    """Shell for the machine's question: who listens, where the host's own programs are to have
    other ports than they have."""
    database, pooler, cache = settings.postgres.port, settings.pgbouncer.port, settings.redis.port
    files = "/etc/postgresql/*/main/conf.d/readyhost.conf"
    return foreign.ask(
        {
            files: (f"port = {database}", "postgresql@*-main"),
            "/etc/pgbouncer/addresses.ini": (f"listen_port = {pooler}", "pgbouncer"),
            "/etc/redis/redis.conf": (f"port {cache}", "redis-server"),
        }
    )


def _ports(settings: Settings) -> Mapping[str, Iterable[int]]:
    """Ports by the key that sets them, "nginx" for those that nothing sets."""
    found: dict[str, Iterable[int]] = {
        "nginx": (HTTP, HTTPS),
        "ssh.port": (settings.ssh.port,),
        "postgres.port": (settings.postgres.port,),
        "pgbouncer.port": (settings.pgbouncer.port,),
        "redis.port": (settings.redis.port,),
    }
    if settings.monitoring.mode != "off":
        found["monitoring.mode"] = of_monitoring()
    for view in settings.applications:
        web, key = view.app.web, f"apps.{view.app.name}" if settings.apps else "app"
        if web.listen == "port":
            found[f"{key}.web.first_port"] = range(web.first_port, web.first_port + 2 * GREEN_PORTS)
    return found


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
