"""The authorities by which services elsewhere are known, for applications to read."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from roles.core.entries import Directory, Entry, File

if TYPE_CHECKING:
    from settings import Settings

FOLDER = "/etc/ssl/readyhost"
SYSTEM = "/etc/ssl/certs/ca-certificates.crt"
DATABASE, REDIS, MONGODB, STORAGE = "database", "redis", "mongodb", "storage"
ROOT = Path(__file__).resolve().parents[2]


def sources(settings: Settings) -> dict[str, Path | None]:
    """By service that an application has elsewhere: the operator's file; None for the system's."""
    found: dict[str, Path | None] = {}
    if settings.app.database == "external":
        found[DATABASE] = settings.postgres.external.ca_file
    if settings.app.cache == "external":
        found[REDIS] = settings.redis.external.ca_file
    if settings.app.mongodb.uri:
        found[MONGODB] = settings.app.mongodb.ca_file
    if settings.app.storage.bucket:
        found[STORAGE] = settings.app.storage.ca_file
    return found


def authority(settings: Settings, what: str) -> str:
    """Where the host has the authority of a service of an application's view."""
    own = sources(settings).get(what)
    return f"{FOLDER}/{settings.app.name}-{what}.pem" if own else SYSTEM


def read(path: Path) -> str:
    """An operator's file. Raises ValueError for what has no certificate."""
    try:
        text = (ROOT / path.expanduser()).read_text()
        ssl.create_default_context(cadata=text)
    except (OSError, ValueError, ssl.SSLError) as error:
        why = getattr(error, "strerror", None) or "it is no certificate in PEM"
        raise ValueError(f"{path}: {why}") from None
    if "PRIVATE KEY" in text:
        raise ValueError(f"{path}: has a private key, which no host may get")
    return text


def entries(settings: Settings) -> list[Entry]:
    """Of all applications."""
    files = [
        File(authority(view, what), read(path).encode(), mode=0o644)
        for view in settings.applications
        for what, path in sources(view).items()
        if path
    ]
    return [Directory(FOLDER), *files] if files else []
