"""Where the database is, for who connects to it."""

from pydantic import SecretStr

from .quoting import percent
from .settings import Postgres

LOOPBACK = "127.0.0.1"


def url(settings: Postgres, port: int | None = None, host: str = LOOPBACK) -> SecretStr:
    """DATABASE_URL of the application's role and database, each part percent-encoded.

    Straight to PostgreSQL, as migrations want it, unless `port` is a pooler's.
    """
    user = percent(settings.user)
    password = percent(settings.password.get_secret_value())
    place = f"{host}:{port or settings.port}"
    return SecretStr(f"postgresql://{user}:{password}@{place}/{percent(settings.database)}")


def available_connections(settings: Postgres) -> int:
    """Server connections that PgBouncer's pools may hold in all."""
    return settings.max_connections - settings.reserved_connections
