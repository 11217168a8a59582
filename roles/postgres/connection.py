"""Where the database is, for who connects to it."""

from pydantic import SecretStr

from .quoting import percent
from .settings import Postgres

LOOPBACK = "127.0.0.1"
LOOKUPS = 2  # of the pooler's connections, those that look passwords up

Value = str | SecretStr


def url(
    settings: Postgres, port: int | None = None, host: str = LOOPBACK, login: str | None = None
) -> SecretStr:
    """DATABASE_URL of the application's role and database, each part percent-encoded.

    Straight to PostgreSQL, as migrations want it, unless `port` is a pooler's. login: the one of
    `wanted.logins` that has the password.
    """
    user = percent(login or settings.user)
    password = percent(settings.password.get_secret_value())
    place = f"{host}:{port or settings.port}"
    return SecretStr(f"postgresql://{user}:{password}@{place}/{percent(settings.database)}")


def values(
    settings: Postgres, port: int | None = None, host: str = LOOPBACK, login: str | None = None
) -> dict[str, Value]:
    """What an application may ask of the database, by name; arguments as for `url`."""
    return {
        "url": url(settings, port, host, login),
        "host": host,
        "port": str(port or settings.port),
        "user": login or settings.user,
        "password": settings.password,
        "name": settings.database,
    }


def available_connections(settings: Postgres) -> int:
    """Server connections that PgBouncer's pools may hold in all."""
    return settings.max_connections - settings.reserved_connections
