"""Whether an application answers other origins by itself, where Nginx is to do that alone."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .health import UnixConnection

OWN = Path("/etc/nginx/conf.d/cors.conf")
"""There where `nginx.cors` is "own": Nginx drops what the application says."""
SAID = "access-control-"
ORIGIN = "https://other.invalid"  # a name that nobody has (RFC 2606)


def dropped(socket: Path, health: Mapping[str, Any], own: Path = OWN) -> str:
    """What to tell of the application's own headers for other origins; empty for nothing.

    A process that does not answer in time says nothing; its health is another's question.
    """
    if not own.exists():
        return ""
    try:
        names = _names(socket, health, "GET") | _names(socket, health, "OPTIONS")
    except (OSError, http.client.HTTPException):
        return ""
    if not names:
        return ""
    return (
        f"the application sends {', '.join(sorted(names))} by itself, and Nginx drops that: it"
        " answers nginx.cors_origins and the own domains alone; list the others there, or set"
        ' nginx.cors = "application"'
    )


def _names(socket: Path, health: Mapping[str, Any], method: str) -> set[str]:
    connection = UnixConnection(socket, health["timeout"])
    headers = {
        "Host": health["host"],
        "X-Forwarded-Proto": "https",
        "User-Agent": "readyhost",
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
    }
    try:
        connection.request(method, health["path"], headers=headers)
        answer = connection.getresponse()
        return {name.title() for name, _ in answer.getheaders() if name.lower().startswith(SAID)}
    finally:
        connection.close()
