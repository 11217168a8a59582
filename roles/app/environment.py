"""The variables that an application is started with, as systemd reads them from a file."""

import re
from collections.abc import Mapping

from pydantic import SecretStr

# fmt: off
RESERVED = frozenset({
    "SOCKET", "PORT", "DATABASE_URL", "DATABASE_POOL_SIZE", "MIGRATION_DATABASE_URL", "REDIS_URL",
    "REDIS_POOL_SIZE", "REDIS_PREFIX", "CACHE_TTL", "SECRET_KEY", "SENTRY_DSN",
    "SENTRY_ENVIRONMENT", "SENTRY_RELEASE", "RELEASE", "ENVIRONMENT", "UPLOADS_DIR", "LOG_LEVEL",
    "NODE_ENV", "NODE_OPTIONS", "PYTHONUNBUFFERED", "WEB_CONCURRENCY", "DOMAIN", "INSTANCE", "PATH",
    "HOME", "USER", "MONGODB_URI", "MONGODB_POOL_SIZE",
    "DATABASE_CA_FILE", "REDIS_CA_FILE",
})
# fmt: on
"""Names that readyhost sets itself."""


def variable_name(name: str) -> str:
    """Accept the name of an environment variable. Raises ValueError for anything else."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,63}", name):
        raise ValueError("is not the name of an environment variable")
    return name


def quoted(value: str) -> str:
    """A value for systemd's EnvironmentFile, read back byte for byte.

    Raises ValueError for a NUL, which no environment can hold.
    """
    if "\0" in value:
        raise ValueError("an environment variable cannot hold a NUL")
    if "'" not in value:
        return f"'{value}'"
    return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'


def variables(
    values: Mapping[str, str | int | SecretStr | None],
) -> dict[str, str | SecretStr]:
    """Quoted values by name, in the order given; secrets stay secret, None is left out."""
    result: dict[str, str | SecretStr] = {}
    for name, value in values.items():
        if isinstance(value, SecretStr):
            result[name] = SecretStr(quoted(value.get_secret_value()))
        elif value is not None:
            result[name] = quoted(str(value))
    return result
