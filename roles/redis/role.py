"""What the Redis role does to a host, in order."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra import host

from roles.core.entries import Entry
from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.services import Service, converge

from .files import CONFIGURATION, LIMITS, OPERATOR, OVERCOMMIT, TUNING, entries
from .settings import Redis

LOADING = 120  # seconds; an append-only file of some gigabytes is read in that time


def redis(settings: Redis, machine: Machine) -> None:
    """Redis on the loopback address, with its users, bounded memory and an append-only file."""
    if machine.container:
        host.log("Redis | skipped in a container: vm.overcommit_memory")
    files = entries(settings, machine)
    service = server(settings, files)
    after = ["systemctl daemon-reload"]
    if not machine.container:
        after.append(f"/lib/systemd/systemd-sysctl {OVERCOMMIT}")
    sync(
        name="Redis | configuration",
        role="redis",
        entries=files,
        services=[service],
        commands=after,
    )
    converge(name="Redis | running", services=[service])


def server(settings: Redis, files: Sequence[Entry]) -> Service:
    """redis-server. What tuning.conf and the users' file say is put in force while it runs.

    It answers when a user with a password is told PONG; until its data is loaded it says LOADING.
    """
    return Service(
        unit="redis-server",
        configuration=files,
        restart_paths=(CONFIGURATION, LIMITS),
        reload=_reload(settings),
        probe=f"{_say(settings, 'echo PING')} | tail -n 1 | grep -qx PONG",
        deadline=LOADING,
    )


def _say(settings: Redis, lines: str) -> str:
    """Shell: what the command `lines` prints is said to Redis by the operator. The password goes
    through a pipe, never through an argument or the environment."""
    return f"{{ cat {OPERATOR}; {lines}; }} | redis-cli -p {settings.port}"


def _reload(settings: Redis) -> str:
    live = f"sed -n 's/^[a-z]/CONFIG SET &/p' {TUNING}; echo ACL LOAD"
    # Who changes the passwords themselves is not known to the running Redis any more.
    return f"if {_say(settings, live)} | grep -vx OK; then systemctl restart redis-server; fi"
