"""A Redis elsewhere."""

from __future__ import annotations

from typing import Any

from .service import TIMEOUT, Found, Wish, require


def look(wish: Wish) -> Found:
    """Redis: logs in, and says its version."""
    import redis as client
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    where: dict[str, Any] = {
        "host": wish["host"],
        "port": wish["port"],
        "db": int(wish["name"] or 0),
    }
    login: dict[str, Any] = {"username": wish["user"], "password": wish["password"]}
    tls: dict[str, Any] = {"ssl": True, "ssl_cert_reqs": "required", "ssl_check_hostname": True}
    own: dict[str, Any] = {"ssl_ca_data": wish["authorities"]} if wish["authorities"] else {}
    server = client.Redis(
        **where, **login, **tls, **own, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )  # fmt: skip
    try:
        server.ping()
        version = str(server.info("server").get("redis_version", ""))
    except client.exceptions.NoPermissionError:
        version = ""  # INFO is not everybody's
    if version:
        require("redis", int(version.split(".")[0]))
    return f"Redis {version}".strip(), []
