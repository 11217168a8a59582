"""Where PgBouncer is, for who connects to it."""

from pydantic import SecretStr

from roles.postgres import Postgres
from roles.postgres import url as server_url

from .settings import PgBouncer


def url(settings: PgBouncer, server: Postgres) -> SecretStr:
    """DATABASE_URL of the application: `server`'s main database and role, through the pool."""
    return server_url(server, settings.port)
