"""Behind a CDN, which this machine is, with uploads in a bucket, which a folder of the box is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.conftest import DOMAIN
from tests.releases.shop import Shop
from tests.support.client import Server
from tests.support.storage import ADDRESS

from .test_routes import VALUES, release

pytestmark = pytest.mark.timeout(600)

SECRET = "Zb1f0e4d6c9a4f2e8d3b5a7c9e1f0b24"
PORT = 9321
STORAGE = (
    "mkdir -p /tmp/storage/shop && printf '\\211PNG' >/tmp/storage/shop/photo.png"
    " && echo '<script>alert(1)</script>' >/tmp/storage/shop/page.html"
    f" && systemd-run -q --unit storage -p WorkingDirectory=/tmp/storage python3 -m http.server"
    f" {PORT} --bind 127.0.0.1"
)


@pytest.fixture(scope="module")
def purged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("purge") / "said"


@pytest.fixture(scope="module")
def edge(servers: Shop, purged: Path) -> Iterator[Server]:
    """The box as the CDN sees it."""
    servers.ssh(STORAGE)
    values = {
        "READYHOST_APP__BUCKET__URL": f"http://127.0.0.1:{PORT}/shop",
        "READYHOST_APP__PURGE": json.dumps([f'echo "$DOMAIN $TAG" >>{purged}']),
        "READYHOST_NGINX__TRUSTED_PROXIES": json.dumps([ADDRESS, "cloudflare"]),
        "READYHOST_NGINX__ORIGIN__ONLY_PROXIES": "true",
        "READYHOST_NGINX__ORIGIN__SECRET": SECRET,
    }
    VALUES.update(values)
    release(servers, "v31.0.0", {})
    yield Server(DOMAIN, servers.ip)
    for name in values:
        del VALUES[name]
    servers.ssh("systemctl stop storage; rm -r /tmp/storage")


SHOWN = {"X-Origin-Secret": SECRET, "X-Forwarded-For": "203.0.113.9"}


def test_WEB_15_who_goes_around_the_cdn_is_refused(servers: Shop, edge: Server) -> None:
    assert edge.ask("/api/greeting").status == 403
    assert edge.ask("/api/greeting", headers={"X-Origin-Secret": "a" * 32}).status == 403
    answer = edge.ask("/api/greeting", headers=SHOWN)
    assert (answer.status, answer.json()) == (200, {"release": "v31.0.0"})
    id = answer.header("x-request-id")
    line = servers.ssh(f"sleep 2; grep {id} /var/log/nginx/access.log")
    assert "203.0.113.9" in line
    assert SECRET not in line
    assert servers.ssh("stat -c '%a %U' /etc/nginx/conf.d/origin.conf") == "600 root"


def test_WEB_15_a_release_is_purged_once(servers: Shop, edge: Server, purged: Path) -> None:
    assert purged.read_text() == f"{DOMAIN} v31.0.0\n"
    servers.pyinfra("-y", "--data", "tag=v31.0.0", values=VALUES)
    assert purged.read_text() == f"{DOMAIN} v31.0.0\n"


def test_WEB_06_uploads_come_from_a_bucket_and_are_kept(servers: Shop, edge: Server) -> None:
    shown = edge.ask("/uploads/photo.png", headers=SHOWN)
    assert (shown.status, shown.body) == (200, b"\x89PNG")
    assert shown.header("content-type") == "image/png"
    assert shown.header("cache-control") == "public, max-age=2592000"
    page = edge.ask("/uploads/page.html", headers=SHOWN)
    assert page.header("content-type") == "application/octet-stream"
    assert page.header("content-disposition") == "attachment"
    servers.ssh("systemctl stop storage")
    try:
        assert edge.ask("/uploads/photo.png", headers=SHOWN).body == b"\x89PNG"
        assert edge.ask("/uploads/other.png", headers=SHOWN).status == 502
    finally:
        servers.ssh(STORAGE)
