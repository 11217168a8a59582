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
    """Another program holds port 80 and a further one 443 while the body runs; whatever happens,
    not for ever."""
    units = "pages-80 pages-443"
    try:
        for port in (80, 443):
            serve = f"python3 -m http.server --bind 0.0.0.0 {port}"
            held = f"until ss -Hltn sport = :{port} | grep -q .; do sleep 0.1; done"
            box.ssh(
                f"systemd-run --collect --unit=pages-{port} -p RuntimeMaxSec=300 {serve}"
                f" && timeout 60 sh -c {shlex.quote(held)}"
            )
        yield
    finally:
        box.ssh(f"systemctl stop {units} 2>/dev/null; ! systemctl -q is-active {units}")


def test_REL_07_a_port_that_another_program_holds_is_refused_with_its_name(
    project: Path, bare: Box
) -> None:
    with pages(bare):
        told(project, f"[{bare.ip}]", "2 things", "nothing has been changed")
        for port in (80, 443):
            stop = f"disable --now pages-{port}.service"
            told(project, f"port {port} ", "held by python3", stop)
        assert untouched(bare)


def test_REL_07_a_site_and_data_of_others_are_not_replaced(project: Path, bare: Box) -> None:
    theirs = "/etc/nginx/{sites-available,sites-enabled,conf.d} /var/lib/{redis,postgresql/14/main}"
    # As a2ensite's like makes it, a link without an ending; and a file as a package brings it.
    bare.ssh(
        f"bash -c 'mkdir -p {theirs}'; cd /etc/nginx; printf '{SITE}' | tee conf.d/shop.conf"
        " > sites-available/blog; ln -s ../sites-available/blog sites-enabled/blog"
    )
    bare.ssh("touch /var/lib/redis/dump.rdb /var/lib/postgresql/14/main/PG_VERSION")
    try:
        told(project, f"[{bare.ip}]", "4 things", "nothing has been changed")
        told(project, "another site", "/etc/nginx/sites-enabled/blog", "base.take_over=unmanaged")
        told(project, "another site", "/etc/nginx/conf.d/shop.conf", "base.take_over=unmanaged")
        told(project, "pg_dropcluster --stop 14 main")
        assert untouched(bare)
    finally:
        bare.ssh("rm -r /etc/nginx /var/lib/redis /var/lib/postgresql")
