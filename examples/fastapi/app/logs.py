"""Structured logs on standard output: one JSON object a line, access log and errors alike."""

import json
import logging
import sys
import time
from datetime import datetime, timezone

from starlette.types import ASGIApp, Message, Receive, Scope, Send

access = logging.getLogger("access")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": utc(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            # `extra={"fields": {...}}` of a logging call.
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def utc(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, timezone.utc).isoformat("T", "milliseconds")


def configure(level: str) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # A broken connection is logged where it is noticed; the pool repeats it for each retry.
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class AccessLog:
    """Logs each request and names the release in each response.

    Plain ASGI: Starlette's BaseHTTPMiddleware would cost more than the cached list itself.
    """

    def __init__(self, app: ASGIApp, release: str) -> None:
        self.app = app
        self.header = (b"x-release", release.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), self.header]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            if access.isEnabledFor(logging.INFO):
                access.info("request", extra={"fields": describe(scope, status, started)})


def describe(scope: Scope, status: int, started: float) -> dict[str, object]:
    """The fields of an access log line. No query string: it may hold what a log must not."""
    request_id = next((v for k, v in scope["headers"] if k == b"x-request-id"), b"")
    return {
        "method": scope["method"],
        "path": scope["path"],
        "status": status,
        "seconds": round(time.perf_counter() - started, 4),
        "client": (scope.get("client") or ("",))[0],
        "request_id": request_id.decode("latin-1"),  # Nginx's, to find the request in both logs
    }
