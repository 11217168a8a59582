"""A bare host with something of somebody else's: it is named, and nothing is done."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vagrant.driver import Box

from .test_connection import told

SITE = "server {\\n  listen 80;\\n  server_name blog.example;\\n}\\n"


def untouched(box: Box) -> bool:
    return box.ssh("ls -d /var/lib/readyhost /srv/app 2>/dev/null || true") == ""


@contextmanager
def pages(box: Box) -> Iterator[None]:
    """Another program holds port 443 while the body runs; whatever happens, not for ever."""
    serve = "python3 -m http.server --bind 0.0.0.0 443"
    held = "until ss -Hltn sport = :443 | grep -q .; do sleep 0.1; done"
    try:
        box.ssh(
            f"systemd-run --collect --unit=pages -p RuntimeMaxSec=300 {serve}"
            f" && timeout 60 sh -c {shlex.quote(held)}"
        )
        yield
    finally:
        box.ssh("systemctl stop pages 2>/dev/null; ! systemctl -q is-active pages")


def test_REL_07_a_port_that_another_program_holds_is_refused_with_its_name(
    project: Path, bare: Box
) -> None:
    with pages(bare):
        told(project, f"[{bare.ip}]", "port 443", "held by python3", "disable --now pages.service")
        assert untouched(bare)


def test_REL_07_a_site_and_data_of_others_are_not_replaced(project: Path, bare: Box) -> None:
    theirs = "/etc/nginx/sites-enabled /var/lib/redis /var/lib/postgresql/14/main"
    bare.ssh(f"mkdir -p {theirs}; printf '{SITE}' > /etc/nginx/sites-enabled/blog")
    bare.ssh("touch /var/lib/redis/dump.rdb /var/lib/postgresql/14/main/PG_VERSION")
    try:
        told(project, f"[{bare.ip}]", "3 things", "nothing has been changed")
        told(project, "another site", "/etc/nginx/sites-enabled/blog", "base.take_over=unmanaged")
        told(project, "pg_dropcluster --stop 14 main")
        assert untouched(bare)
    finally:
        bare.ssh("rm -r /etc/nginx /var/lib/redis /var/lib/postgresql")
