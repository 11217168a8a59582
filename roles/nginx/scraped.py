"""A port at which a Prometheus elsewhere reads the host's exporters: with a certificate, or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roles.core.entries import Entry, File
from roles.core.templates import render

from .authority import authority

CA = "/etc/nginx/scraped.pem"
LOG = "/var/log/nginx/scraped.log"


@dataclass(frozen=True)
class Scraped:
    """paths: each with the one URL on the host that is behind it. ca_file: the authority of who
    asks, on the operator's machine."""

    port: int
    ca_file: Path
    paths: tuple[tuple[str, str], ...]

    @property
    def logged(self) -> Iterable[str]:
        """Paths whose every reading is noted: the first, and the probes; that is enough to see
        whether somebody asks."""
        first, *others = (path for path, _ in self.paths)
        return [first, *(path for path in others if path.startswith("/probe/"))]


def entries(scraped: Scraped | None, context: dict[str, Any]) -> list[Entry]:
    """The server and the authority; nothing where nobody asks."""
    if not scraped:
        return []
    text = authority(scraped.ca_file, "monitoring.scraped_ca_file")
    return [
        render(
            "nginx",
            "/etc/nginx/conf.d/scraped.conf",
            **{**context, "scraped": scraped, "ca": CA, "log": LOG},
        ),
        File(CA, text),
    ]
