"""Every file that Redis needs."""

from __future__ import annotations

from functools import partial

from pydantic import SecretStr

from roles.core.entries import Directory, Entry, Kept
from roles.core.machine import Machine
from roles.core.templates import render

from . import tuning, users
from .held import OPERATOR, SOCKET, USERS, held
from .settings import Redis

FOLDER = "/etc/redis"
CONFIGURATION = f"{FOLDER}/redis.conf"
TUNING = "/etc/redis/tuning.conf"
LIMITS = "/etc/systemd/system/redis-server.service.d/readyhost.conf"
OVERCOMMIT = "/etc/sysctl.d/61-readyhost-redis.conf"


def packages(settings: Redis, machine: Machine) -> list[str]:
    """The packages that Redis needs."""
    return ["redis-server"]


def entries(
    settings: Redis,
    machine: Machine,
    operator: SecretStr,
    *,
    keep: bool = False,
    metrics: SecretStr | None = None,
) -> list[Entry]:
    """Redis' files. Its users' passwords are only there as fingerprints; the operator's, which
    the host itself uses, is for root alone.

    operator: its password on a host that has none yet. keep: whether the passwords that the host
    knows stay valid beside the new one. metrics: fingerprint of the password of whoever counts for
    monitoring, if somebody does.
    """
    write = partial(render, "redis", settings=settings)
    known = held(machine)
    version = machine.versions.redis
    found: list[Entry] = [
        # The package gives it to Redis, which could put links in it for root to write through.
        Directory(FOLDER, mode=0o750, group="redis"),
        write(CONFIGURATION, mode=0o640, group="redis", socket=SOCKET),
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
            operator_hash=SecretStr(known.operator)
            if known.operator
            else users.fingerprint(operator),
            users=users.passwords(settings, known if keep else None),
            rights=users.rights(settings, version, known),
            channels=version >= users.CHANNELS_SINCE,
            operator_rights=users.operators(version),
            nobody=bool(settings.prefix),
            metrics_hash=metrics,
            metrics_rights=users.METRICS_RIGHTS,
            metrics_user=users.METRICS,
        ),
        Kept(OPERATOR, known.checksum)
        if known.operator
        else write(OPERATOR, mode=0o600, operator_password=operator),
        write(LIMITS, open_files=tuning.open_files(settings, machine)),
    ]
    if not machine.container:
        found.append(write(OVERCOMMIT))
    return found
