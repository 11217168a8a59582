"""HOST-02: which ports answer to the operator's machine."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ..outcome import Finding, either, unknown
from .client import Visitor

if TYPE_CHECKING:
    from settings import Settings

KNOWN = (
    21, 22, 23, 25, 53, 80, 110, 111, 139, 143, 389, 443, 445, 465, 514, 587, 631, 873, 993, 995,
    1433, 2049, 2375, 2376, 3000, 3306, 3389, 4369, 5000, 5432, 5601, 5672, 6379, 6432, 8000, 8080,
    8443, 9000, 9090, 9093, 9100, 9200, 11211, 15672, 27017,
)  # fmt: skip
PATIENCE = 3  # seconds: a firewall that drops says nothing


def closed(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """Nothing but SSH and the web answers."""
    firewall = settings.firewall
    wanted = {settings.ssh.port, *firewall.web_ports, *(each.port for each in firewall.allow)}
    if settings.monitoring.scraped_from:
        wanted.add(settings.monitoring.scraped_port)
    tried = sorted({*KNOWN, *wanted, settings.postgres.port, settings.redis.port})
    with ThreadPoolExecutor(len(tried)) as pool:
        answers = dict(zip(tried, pool.map(lambda port: _open(visitor.address, port), tried),
                           strict=True))  # fmt: skip
    found = {port for port, is_open in answers.items() if is_open}
    if not found:
        return unknown("no port answers to this machine")
    more = ", ".join(map(str, sorted(found - wanted)))
    return either(not more, f"of {len(tried)} ports {sorted(found)} answer", f"open: {more}")


def _open(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), PATIENCE).close()
    except OSError:
        return False
    return True
