"""Every file that Redis needs."""

from __future__ import annotations

from functools import partial

from roles.core.entries import Entry
from roles.core.machine import Machine
from roles.core.templates import render

from . import tuning, users
from .settings import Redis

CONFIGURATION = "/etc/redis/redis.conf"
TUNING = "/etc/redis/tuning.conf"
USERS = "/etc/redis/users.acl"
OPERATOR = "/etc/redis/operator"
LIMITS = "/etc/systemd/system/redis-server.service.d/readyhost.conf"
OVERCOMMIT = "/etc/sysctl.d/61-readyhost-redis.conf"
CHANNELS_SINCE = (6, 2)


def packages(settings: Redis, machine: Machine) -> list[str]:
    """The packages that Redis needs."""
    return ["redis-server"]


def entries(settings: Redis, machine: Machine) -> list[Entry]:
    """Redis' files. Its users' passwords are only there as fingerprints; the operator's, which
    the host itself uses, is for root alone."""
    write = partial(render, "redis", settings=settings)
    operator = users.operator_password(settings)
    version = machine.versions.redis
    found: list[Entry] = [
        write(CONFIGURATION, mode=0o640, group="redis"),
        write(
            TUNING,
            mode=0o640,
            group="redis",
            maxmemory_mb=tuning.maxmemory_mb(settings, machine),
        ),
        write(
            USERS,
            mode=0o640,
            group="redis",
            operator_hash=users.fingerprint(operator),
            password_hash=users.fingerprint(settings.password),
            commands=users.commands(settings, version),
            channels=version >= CHANNELS_SINCE,
        ),
        write(OPERATOR, mode=0o600, operator_password=operator),
        write(LIMITS, open_files=tuning.open_files(settings, machine)),
    ]
    if not machine.container:
        found.append(write(OVERCOMMIT))
    return found
