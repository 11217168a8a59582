"""What several tests of Nginx ask for."""

from __future__ import annotations

import json
import time

from tests.host.conftest import DOMAIN, Host
from tests.support.client import Answer, Server

HEADERS = (
    "strict-transport-security",
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "x-request-id",
)
MB = 2**20


def logged(box: Host, *ids: str) -> list[dict]:
    """Entries of the access log by request id; waits for what Nginx holds back."""
    wanted = "|".join(ids)
    end = time.monotonic() + 15
    while True:
        found = box.run(f"grep -hE '{wanted}' /var/log/nginx/access.log").stdout.splitlines()
        if len(found) >= len(ids):
            entries = {entry["request_id"]: entry for entry in map(json.loads, found)}
            return [entries[identity] for identity in ids]
        assert time.monotonic() < end, f"{ids} not logged"
        box.run("kill -USR1 $(cat /run/nginx.pid)")  # makes every worker write what it has
        time.sleep(0.2)


def upload(web: Server, name: str, content: bytes) -> Answer:
    boundary = "----boundary"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n"
    ).encode() + content
    body += f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return web.ask("/uploads", "POST", headers=kind, body=body, timeout=60)


def workers(box: Host) -> list[str]:
    return box.ssh("pgrep -f '[n]ginx: worker process'").split()


def handshake(extra: str = "") -> bytes:
    return (
        f"GET /ws/echo HTTP/1.1\r\nHost: {DOMAIN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"{extra}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()
