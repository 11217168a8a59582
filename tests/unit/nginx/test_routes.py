"""Several kinds of processes behind one site, by path and by host name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roles.nginx import Route

from .conftest import Serve, Web

ADMIN = "admin.shop.test"


def site(root: Path) -> dict[str, Any]:
    def sockets(name: str) -> tuple[str, ...]:
        return (str(root / f"srv/shop/live/{name}-1.sock"),)

    return {
        "aliases": ("www.shop.test", ADMIN),
        "routes": (
            Route("shop_front", sockets("front"), ("/",), timeout=1),
            Route("shop_ws", sockets("ws"), ("/api/ws", "/ws"), timeout=3),
            Route("shop_admin", sockets("admin"), (), (ADMIN,)),
        ),
        "own": ("/api", "/health"),
        "live": str(root / "srv/shop/live"),
    }


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    web = serve(processes=1, site=site, limits={"per_minute": 0, "per_hour": 0})
    for name in ("front", "ws", "admin"):
        web.write(f"live/shop_{name}", "")
    return web


def kind(web: Web, path: str, host: str = "") -> str:
    """The kind of processes that was asked."""
    for upstream in web.upstreams:
        upstream.seen.clear()
    web.ask(path, host=host or None)
    found = [up.socket.name.partition("-")[0] for up in web.upstreams if up.seen]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/", "front"),
        ("/deep/link?x=/api", "front"),
        ("/apiary", "front"),
        ("/api", "web"),
        ("/api/things", "web"),
        ("/health", "web"),
        ("/api/ws", "ws"),
        ("/api/ws/room", "ws"),
        ("/api/wsx", "web"),
        ("/ws/room", "ws"),
    ],
)
def test_APP_16_the_longest_path_counts(web: Web, path: str, wanted: str) -> None:
    assert kind(web, path) == wanted


@pytest.mark.parametrize("path", ["/", "/api/ws", "/anything"])
def test_APP_16_a_host_name_is_one_kinds_alone(web: Web, path: str) -> None:
    assert kind(web, path, ADMIN) == "admin"


def test_APP_16_each_path_has_its_kinds_timeout(web: Web) -> None:
    assert web.ask("/slow?seconds=2").status == 504
    assert web.ask("/api/slow?seconds=2").status == 200
    assert web.ask("/slow?seconds=2", host=ADMIN).status == 200


def test_APP_16_where_the_live_release_lacks_a_kind_the_web_processes_answer(web: Web) -> None:
    (web.root / "srv/shop/live/shop_front").unlink()
    try:
        assert kind(web, "/deep/link") == "web"
    finally:
        web.write("live/shop_front", "")
    assert kind(web, "/deep/link") == "front"


def test_APP_16_other_aliases_are_sent_on_as_before(web: Web) -> None:
    answer = web.ask("/", host="www.shop.test")
    assert (answer.status, answer.header("location")) == (301, "https://shop.test/")
