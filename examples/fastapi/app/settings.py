"""What the environment says. The only module that reads it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The defaults suit a developer's machine; readyhost sets every value on a host."""

    environment: str
    release: str
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    migration_database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    sentry_dsn: str = field(repr=False)
    database_pool_size: int  # connections this process may hold
    redis_pool_size: int  # connections this process may hold
    cache_ttl: int  # seconds; 0: nothing is cached
    keep_items_days: int  # days
    uploads_dir: Path
    socket: str  # path of the Unix socket; empty: listen on the port
    port: int
    log_level: str

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def development(self) -> bool:
        return self.environment == "development"

    @property
    def instance(self) -> str:
        """Which process this is, as its socket says: "blue/web-1" of /run/app/blue/web-1.sock."""
        path = Path(self.socket)
        return f"{path.parent.name}/{path.stem}" if self.socket else f"port {self.port}"


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `environ`. Raises SystemExit with one clear line if a value is missing."""
    environment = environ.get("ENVIRONMENT", "development")
    secret_key = environ.get("SECRET_KEY", "")
    if not secret_key:
        if environment != "development":
            raise SystemExit("SECRET_KEY is not set: sessions can't be signed")
        secret_key = "only-for-development"
    return Settings(
        environment=environment,
        release=environ.get("RELEASE", "development"),
        secret_key=secret_key,
        database_url=environ.get("DATABASE_URL", "postgresql://localhost/example"),
        migration_database_url=environ.get("MIGRATION_DATABASE_URL", ""),
        redis_url=environ.get("REDIS_URL", "redis://localhost:6379/0"),
        sentry_dsn=environ.get("SENTRY_DSN", ""),
        database_pool_size=int(environ.get("DATABASE_POOL_SIZE", "5")),
        redis_pool_size=int(environ.get("REDIS_POOL_SIZE", "20")),
        cache_ttl=int(environ.get("CACHE_TTL", "300")),
        keep_items_days=int(environ.get("KEEP_ITEMS_DAYS", "90")),
        uploads_dir=Path(environ.get("UPLOADS_DIR", "uploads")),
        socket=environ.get("SOCKET", ""),
        port=int(environ.get("PORT", "8000")),
        log_level=environ.get("LOG_LEVEL", "INFO").upper(),
    )
