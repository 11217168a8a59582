"""Redis' users and their rights: the application's, monitoring's, and root's own, `operator`."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from pydantic import SecretStr

from .held import Held
from .settings import Redis

LOOPBACK = "127.0.0.1"
CLIENT_HAS_SUBCOMMANDS = (7, 0)
CHANNELS_SINCE = (6, 2)
METRICS = "metrics"
"""The user of monitoring: no keys, no channels."""
METRICS_RIGHTS = "+info +ping +client|setname +slowlog|len +latency|latest"
# Before 7.0 all of CLIENT counts as dangerous, what every client library says at first included.
HARMLESS_CLIENT = ("id", "getname", "setname", "reply", "tracking", "caching")
# Queues look for each other's workers by it (RQ at its start, BullMQ when it is asked).
CONNECTIONS = "client|list"


def commands(settings: Redis, version: tuple[int, int]) -> str:
    """ACL rules of the application's user on Redis `version`: all but what harms or administers.

    INFO is allowed: queues and client libraries ask it for the version and whether data is loaded.
    So is the list of connections, where all are of one application.
    """
    listed = [] if settings.prefix else [CONNECTIONS]
    allowed = ["info", *listed, *settings.allow_commands]
    if version < CLIENT_HAS_SUBCOMMANDS:
        allowed += [f"client|{name}" for name in HARMLESS_CLIENT]
    others = _of_others(version) if settings.prefix else []
    rules = ["+@all", "-@admin", "-@dangerous", *others, *(f"+{name}" for name in allowed)]
    return " ".join(rules)


def operators(version: tuple[int, int]) -> str:
    """ACL rules of `operator`: all but scripts and functions, as an application's would have its
    rights. It may end one that hangs."""
    ends = ["+script|kill", *(["+function|kill"] if version >= CLIENT_HAS_SUBCOMMANDS else [])]
    return " ".join(["+@all", "-@scripting", *ends])


def _of_others(version: tuple[int, int]) -> list[str]:
    """ACL rules that take away what reaches past the keys of an application: other keys' names,
    scripts that others run, and the channels of others."""
    rules = ["-scan", "-randomkey", "-dbsize", "-script", "+script|load", "+script|exists"]
    rules += ["-function"] if version >= CLIENT_HAS_SUBCOMMANDS else []
    # Before 6.2 no rule can tell channels apart.
    return [*rules, "-pubsub"] if version >= CHANNELS_SINCE else [*rules, "-@pubsub"]


def rights(settings: Redis, version: tuple[int, int], there: Held) -> dict[str, str]:
    """ACL rules by user, after the passwords: keys, channels, commands. One that only the host has,
    `there`, is of a release that is still live: it keeps what it has there."""
    channels = version >= CHANNELS_SINCE

    def rule(prefix: str, known: str) -> str:
        begin = f"{prefix}*"
        return f"~{begin} {f'&{begin} ' if channels else ''}{known}"

    each = {one.user: rule(one.prefix, commands(one, version)) for one in settings.tenants}
    without_name = {} if settings.prefix else {"default": rule("", commands(settings, version))}
    return {**there.rights, **without_name, **each}


def fingerprint(password: SecretStr) -> SecretStr:
    """SHA-256 of a password as an ACL file has it, hexadecimal."""
    return SecretStr(hashlib.sha256(password.get_secret_value().encode()).hexdigest())


def passwords(settings: Redis, former: Held | None) -> dict[str, list[SecretStr]]:
    """The application's users, and the fingerprints of the passwords that each may say.

    `default` logs in with a password and no name, as many clients do: the application's. former:
    what the host has, whose passwords stay valid until the switch.
    """
    users = {each.user: [fingerprint(each.password)] for each in settings.tenants}
    if not settings.prefix:
        users = {"default": [*users[settings.user]], **users}
    for name, known in (former.users if former else {}).items():
        if name not in ("operator", METRICS):
            mine = users.setdefault(name, [])
            mine += [SecretStr(one) for one in known if SecretStr(one) not in mine]
    return {name: mine for name, mine in users.items() if mine}


def url(settings: Redis) -> SecretStr:
    """Address of database 0 for the application, redis://USER:PASSWORD@HOST:PORT/0."""
    password = quote(settings.password.get_secret_value(), safe="")
    return SecretStr(f"redis://{settings.user}:{password}@{LOOPBACK}:{settings.port}/0")


def values(settings: Redis) -> dict[str, str | SecretStr]:
    """What an application may ask of Redis, by name."""
    return {
        "url": url(settings),
        "host": LOOPBACK,
        "port": str(settings.port),
        "user": settings.user,
        "password": settings.password,
        "database": "0",
        "prefix": settings.prefix,
    }
