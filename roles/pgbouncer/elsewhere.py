"""Databases elsewhere that PgBouncer is in front of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True)
class Elsewhere:
    """A database at a provider. alias: what clients call it here. user, password: as which they
    log in here, and PgBouncer there. size: connections at most. authorities: PEM of whose
    certificate it must have, empty for the system's."""

    alias: str
    host: str
    port: int
    name: str
    user: str
    password: SecretStr
    size: int
    authorities: str = ""

    @property
    def database(self) -> str:
        """Its name, quoted for a line of [databases]."""
        return self.name.replace("'", "''")


def logins(databases: Sequence[Elsewhere]) -> list[SecretStr]:
    """Lines of the file with users and passwords: a provider gives no verifiers to ask for."""
    return [
        SecretStr(f'"{_quoted(each.user)}" "{_quoted(each.password.get_secret_value())}"')
        for each in databases
    ]


def _quoted(text: str) -> str:
    return text.replace('"', '""')
