"""CACHE: Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..outcome import Finding, either, false
from .judging import pairs
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

# The operator's own way in (roles/redis): a file of AUTH that root alone reads.
SAY = "{{ cat /etc/redis/operator; printf '{what}\\n'; }} | redis-cli -s {socket} --no-auth-warning"


def looks(settings: Settings) -> list[Look]:
    """What is asked of the cache."""
    from roles.redis.role import SOCKET

    def say(what: str) -> str:
        return SAY.format(what=what, socket=SOCKET)

    app, port, ttl = settings.app.name, settings.redis.port, settings.app.cache_ttl_seconds
    return [
        Look("CACHE-01", f"redis-cli -p {port} PING", _closed),
        Look(
            "CACHE-01",
            say("CONFIG GET maxmemory\\nCONFIG GET maxmemory-policy"),
            lambda said: _bounded(said, settings.redis.maxmemory_policy),
        ),
        Look(
            "CACHE-02",
            say("CONFIG GET appendonly\\nCONFIG GET appendfsync\\nINFO persistence"),
            lambda said: _durable(said, settings.redis.appendfsync),
        ),
        Look(
            "CACHE-03",
            # The names only: the values hold a password.
            f"sed -n 's/^\\(CACHE_TTL=.[0-9]*.\\)$/\\1/p; s/^\\(REDIS_URL\\)=.*/\\1=there/p'"
            f" /etc/{app}/$(basename $(readlink /srv/{app}/live))/env",
            lambda said: _given(said, ttl),
        ),
        Look(
            "CACHE-05",
            # Of several applications none is "default", which is off: nobody logs in as it.
            'awk \'$1 == "user" && $3 != "off" {print $2 "=" gsub(/ #/, "")}\''
            " /etc/redis/users.acl",
            _passwords,
        ),
    ]


def _closed(said: list[str]) -> Finding:
    if said[0] not in ("PONG",) and "NOAUTH" not in said[0]:
        raise ValueError(said)
    return either("NOAUTH" in said[0], "asks for a password", "answers without a password")


def _value(said: list[str], name: str) -> str:
    return said[said.index(name) + 1]


def _bounded(said: list[str], policy: str) -> Finding:
    most, has = int(_value(said, "maxmemory")), _value(said, "maxmemory-policy")
    if not most or has != policy:
        return false(f"maxmemory {most}, {has}")
    return either(True, f"at most {most // 2**20} MiB, {has}")


def _durable(said: list[str], fsync: str) -> Finding:
    on, when = _value(said, "appendonly"), _value(said, "appendfsync")
    written = next(line for line in said if line.startswith("aof_last_write_status:")).strip()
    good = on == "yes" and when == fsync and written.endswith(":ok")
    return either(good, f"appendonly {on}, {when}, {written}")


def _given(said: list[str], ttl: int) -> Finding:
    values = pairs(said)
    if values.get("REDIS_URL") != "there":
        return false("REDIS_URL is not in the application's environment")
    return either(values["CACHE_TTL"].strip("'\"") == str(ttl), f"CACHE_TTL {values['CACHE_TTL']}")


def _passwords(said: list[str]) -> Finding:
    counts = {name: int(count) for name, count in pairs(said).items()}
    many = sorted(name for name, count in counts.items() if count != 1)
    if not counts:
        raise ValueError("no users")
    return either(not many, "one password a user", f"not one password: {', '.join(many)}")
