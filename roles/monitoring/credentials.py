"""The exporter's password for Redis: the host makes it, and nobody else knows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pydantic import SecretStr

from roles.core.entries import File, Kept
from roles.core.machine import Machine

from .names import REDIS_SECRET

# A secret that others than root could read is one no longer.
ASK = rf"""
if [ "$(stat -c '%u:%g %a %F' {REDIS_SECRET} 2>/dev/null)" = '0:0 600 regular file' ]; then
  said=$(sed -n 's/^REDIS_PASSWORD=\([0-9a-f]\{{64\}}\)$/\1/p' {REDIS_SECRET})
  [ "$said" ] && echo "told monitoring-redis $(sha256sum <{REDIS_SECRET} | cut -c -64)" \
    "$(printf %s "$said" | sha256sum | cut -c -64)"
fi
true
"""


@dataclass(frozen=True)
class _Known:
    checksum: str = ""
    fingerprint: str = ""


def _known(machine: Machine) -> _Known:
    said = machine.tells("monitoring-redis")
    return _Known(*said[-1]) if said else _Known()


def _password(machine: Machine) -> SecretStr:
    """A new one. Redis' operator is made from the same secret of the run: this one tells nothing of
    that."""
    seed = f"metrics {machine.secret.get_secret_value()}"
    return SecretStr(hashlib.sha256(seed.encode()).hexdigest())


def redis_fingerprint(machine: Machine) -> SecretStr:
    """SHA-256 of the password, hexadecimal: what Redis has of it."""
    known = _known(machine)
    if known.fingerprint:
        return SecretStr(known.fingerprint)
    password = _password(machine).get_secret_value()
    return SecretStr(hashlib.sha256(password.encode()).hexdigest())


def redis_file(machine: Machine) -> File | Kept:
    """The file that the exporter's unit reads it from."""
    known = _known(machine)
    if known.checksum:
        return Kept(REDIS_SECRET, known.checksum)
    text = f"REDIS_PASSWORD={_password(machine).get_secret_value()}\n"
    return File(REDIS_SECRET, text, mode=0o600, secret=True)
