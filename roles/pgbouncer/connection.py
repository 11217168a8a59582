"""Where PgBouncer is, for who connects to it."""

from pydantic import SecretStr

from roles.postgres import Postgres
from roles.postgres import url as server_url
from roles.postgres import values as server_values

from .settings import PgBouncer


def url(settings: PgBouncer, server: Postgres) -> SecretStr:
    """DATABASE_URL of the application: `server`'s main database and role, through the pool."""
    return server_url(server, settings.port)


def values(
    settings: PgBouncer, server: Postgres, login: str | None = None
) -> dict[str, str | SecretStr]:
    """What an application may ask of the database, by name, through the pool; `login` as there."""
    return server_values(server, settings.port, login=login)
