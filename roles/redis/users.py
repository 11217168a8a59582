"""Who may say what to Redis: two users, and no default one."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import quote

from pydantic import SecretStr

from .settings import Redis

CLIENT_HAS_SUBCOMMANDS = (7, 0)
# Before 7.0 all of CLIENT counts as dangerous, what every client library says at first included.
HARMLESS_CLIENT = ("id", "getname", "setname", "reply", "tracking", "caching")


def commands(settings: Redis, version: tuple[int, int]) -> str:
    """ACL rules of the application's user on Redis `version`: all but what harms or administers.

    INFO is allowed: queues and client libraries ask it for the version and whether data is loaded.
    """
    allowed = ["info", *settings.allow_commands]
    if version < CLIENT_HAS_SUBCOMMANDS:
        allowed += [f"client|{name}" for name in HARMLESS_CLIENT]
    return " ".join(["+@all", "-@admin", "-@dangerous", *(f"+{name}" for name in allowed)])


def operator_password(settings: Redis) -> SecretStr:
    """Password of the host's own user, made of the application's, so that it needs no setting."""
    key = settings.password.get_secret_value().encode()
    return SecretStr(hmac.new(key, b"readyhost redis operator", hashlib.sha256).hexdigest())


def fingerprint(password: SecretStr) -> SecretStr:
    """SHA-256 of a password as an ACL file has it, hexadecimal."""
    return SecretStr(hashlib.sha256(password.get_secret_value().encode()).hexdigest())


def url(settings: Redis) -> SecretStr:
    """Address of database 0 for the application, redis://USER:PASSWORD@HOST:PORT/0."""
    password = quote(settings.password.get_secret_value(), safe="")
    return SecretStr(f"redis://{settings.user}:{password}@127.0.0.1:{settings.port}/0")
