"""Files that a build has compressed with Brotli: where Nginx sends them as they are."""

from __future__ import annotations

from collections.abc import Sequence

from roles.core.machine import Machine

from .settings import Nginx
from .site import Site

MODULE = "libnginx-mod-http-brotli-static"
"""It reads NAME.br and compresses nothing itself."""
WITH_MODULE = ("noble", "bookworm", "trixie")
"""Systems whose archive has it. Ubuntu 22.04 has none for its Nginx."""


def brotli(settings: Nginx, machine: Machine, sites: Sequence[Site]) -> bool:
    """Whether NAME.br is sent for NAME. A host that serves no files by Nginx gets no module."""
    serves = any(site.static or site.mounts for site in sites)
    return settings.brotli and serves and machine.codename in WITH_MODULE
