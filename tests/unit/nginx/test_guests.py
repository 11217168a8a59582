"""An application below a path of another one's domain, with a real Nginx in front of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roles.core.machine import Machine
from roles.nginx import Mount, Nginx, Site

from .conftest import Serve, Web
from .laid_out import check, lay_out, readable_here, site
from .test_text import SETTINGS


def below(root: Path) -> Sequence[Site]:
    """One that is at /blog."""
    (root / "srv/blog/live").mkdir(parents=True, exist_ok=True)
    sockets = (str(root / "srv/blog/live/web-1.sock"),)
    plain: Any = {"aliases": (), "static": (), "uploads": "", "alone": False}
    return (replace(site(root), name="blog", sockets=sockets, path="/blog", **plain),)


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    limits = {"per_minute": 0, "per_hour": 0, "browsers_per_minute": 0}
    return serve(
        processes=1,
        site={"alone": False},
        others=below,
        limits={**limits, "paths": [{"path": "/blog/dear", "rate_per_minute": 1, "burst": 0}]},
    )


def asked(web: Web, path: str) -> str:
    """Whose processes get a request for `path`, whole as it came; empty: nobody."""
    counts = [len(upstream.seen) for upstream in web.upstreams]
    web.ask(path)
    for name, before, upstream in zip(("shop", "blog"), counts, web.upstreams, strict=True):
        if len(upstream.seen) > before:
            # as it came, but that of `//a/b` an HTTP server takes the first for a host
            assert path.partition("?")[0].endswith(upstream.seen[-1]["path"])
            return name
    return ""


@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("/", "shop"),
        ("/blog", "blog"),
        ("/blog/", "blog"),
        ("/blog/a/b?c=/d", "blog"),
        ("/%62log/a", "blog"),
        ("//blog/a", "blog"),
        ("/blogs", "shop"),
        ("/blog.html", "shop"),
        ("/a/blog/", "shop"),
        ("/Blog/", "shop"),
        ("/blog/static/a.css", "blog"),
        ("/blog/uploads/a.png", "blog"),
        ("/blog/../a", ""),
        ("/blog/.env", ""),
        ("/docs", ""),
        ("/blog/docs", ""),
        ("/blog/;x/openapi.json", ""),
    ],
)
def test_APP_13_what_is_below_its_path_is_the_guest_s_alone(
    web: Web, path: str, whose: str
) -> None:
    assert asked(web, path) == whose


def test_APP_13_a_guest_has_limits_of_its_own_paths(web: Web) -> None:
    assert [web.ask("/blog/dear/a").status for _ in range(3)] == [200, 429, 429]
    assert web.ask("/blog/cheap").status == 200


@pytest.mark.parametrize("codename", readable_here())
@pytest.mark.parametrize("name", SETTINGS)
def test_APP_13_nginx_accepts_a_guest(tmp_path: Path, name: str, codename: str) -> None:
    owner = replace(site(tmp_path), alone=False, mounts=(Mount("/", "root"),), routed=("/api",))
    machine = Machine.example(codename, ipv6=False)
    lay_out(tmp_path, Nginx(**SETTINGS[name]), machine, owner, (18081, 18444), *below(tmp_path))
    assert check(tmp_path) == ""
