"""Folders of a release that Nginx serves by itself, front ends above all."""

from __future__ import annotations

import gzip
import re

import pytest

from roles.nginx import Mount
from roles.nginx.mounts import HASHED

from .conftest import Serve, Web

YEAR = "public, max-age=31536000, immutable"
MOUNTS = (
    Mount("/", "_", "index.html"),
    Mount("/docs-site/", "docs-site"),
    Mount("/media/", "media", cache="all"),
    Mount("/data/", "data", cache="none"),
)
LIVE, BEFORE = "served/_/live", "served/_/1"


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    site = {"mounts": MOUNTS, "routed": ("/api", "/health")}
    web = serve(site=site, ready="/api/", limits={"per_minute": 0, "per_hour": 0})
    for path, text in {
        f"{LIVE}/index.html": "the page",
        f"{LIVE}/about/index.html": "about",
        f"{LIVE}/robots.txt": "robots",
        f"{LIVE}/.env": "secret",
        f"{LIVE}/.well-known/security.txt": "contact",
        f"{LIVE}/assets/index-CD7oAzqt.js": "let a",
        f"{BEFORE}/index.html": "the former page",
        f"{BEFORE}/former.html": "gone",
        f"{BEFORE}/former.txt": "gone",
        f"{BEFORE}/assets/index-B3f_e-rX.js": "let former",
        "served/docs-site/live/index.html": "docs",
        "served/media/live/one.png": "png",
        "served/media/1/former.png": "former png",
        "served/media/1/former.html": "gone",
        "served/media/live/index.html": "media",
        "served/data/live/one.01234567.json": "{}",
    }.items():
        web.write(path, text)
    return web


@pytest.mark.parametrize(
    ("path", "text", "caching"),
    [
        ("/", "the page", "no-cache"),
        ("/index.html", "the page", "no-cache"),
        ("/deep/link", "the page", "no-cache"),
        ("/deep/link/", "the page", "no-cache"),
        ("/about/", "about", "no-cache"),
        ("/robots.txt", "robots", "no-cache"),
        ("/.well-known/security.txt", "contact", "no-cache"),
        ("/assets/index-CD7oAzqt.js", "let a", YEAR),
        ("/assets/index-B3f_e-rX.js", "let former", YEAR),
        ("/docs-site/", "docs", "no-cache"),
        ("/media/one.png", "png", YEAR),
        ("/media/former.png", "former png", YEAR),
        ("/media/", "media", "no-cache"),
        ("/data/one.01234567.json", "{}", "no-cache"),
    ],
)
def test_WEB_16_what_is_served_and_for_how_long(
    web: Web, path: str, text: str, caching: str
) -> None:
    before = len(web.reached)
    answer = web.ask(path)
    assert (answer.status, answer.body.decode()) == (200, text)
    assert answer.header("cache-control") == caching
    assert len(web.reached) == before, "the application was asked"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/index-00000000.js", "/nothing.css", "/former.html", "/former.txt", "/.env",
        "/assets/.hidden", "/docs-site/deep/link", "/media/none.png", "/media/former.html",
        "/deep.er/link.js",
    ],
)  # fmt: skip
def test_WEB_16_what_is_no_file_is_404_and_not_the_page(web: Web, path: str) -> None:
    answer = web.ask(path)
    assert (answer.status, answer.header("cache-control")) == (404, "no-store")
    assert answer.body not in (b"the page", b"the former page", b"gone", b"secret")


def test_WEB_16_paths_of_the_processes_stay_theirs(web: Web) -> None:
    for path in ("/api/items", "/api", "/health"):
        before = len(web.reached)
        web.ask(path)
        assert len(web.reached) == before + 1, path
    assert web.ask("/apix").body == b"the page"


def test_WEB_16_a_folder_with_a_page_gets_its_slash(web: Web) -> None:
    for path, goal in (("/about", "/about/"), ("/docs-site", "/docs-site/")):
        answer = web.ask(path)
        assert answer.status == 301
        assert (answer.header("location") or "").endswith(goal)


def test_WEB_16_nobody_writes_to_files(web: Web) -> None:
    assert web.ask("/robots.txt", method="POST").status == 405


def test_WEB_16_a_file_compressed_when_it_was_built_is_sent_as_it_is(web: Web) -> None:
    web.write(f"{LIVE}/big.css", "big")
    web.write(f"{LIVE}/big.css.gz", gzip.compress(b"big"))
    answer = web.ask("/big.css", headers={"Accept-Encoding": "gzip"})
    assert answer.header("content-encoding") == "gzip"
    assert gzip.decompress(answer.body) == b"big"


@pytest.fixture(scope="module")
def files(serve: Serve) -> Web:
    """Of an application that is only files, at /."""
    web = serve(processes=0, site={"mounts": (Mount("/", "_"),)}, ready="")
    web.write(f"{LIVE}/index.html", "the page")
    web.write(f"{LIVE}/docs/index.html", "documentation")
    return web


def test_WEB_16_only_files_need_no_process(files: Web) -> None:
    assert files.ask("/").body == b"the page"
    assert files.ask("/docs/").body == b"documentation"
    assert files.ask("/deep/link").status == 404


@pytest.mark.parametrize(
    "name",
    [
        "assets/index-CD7oAzqt.js", "assets/a.js-B3f_e-rX.js.map", "assets/x-abc-de_f.js",
        "_app/immutable/chunks/entry.DQlqsyRK.js", "static/js/main.0123abcd.js",
        "_next/static/chunks/main.js", "_astro/hoisted.kB3_xYz1.js", "app.89abcdef.css",
    ],
)  # fmt: skip
def test_WEB_16_a_name_with_a_hash(name: str) -> None:
    assert re.search(HASHED, name)


@pytest.mark.parametrize(
    "name", ["jquery-selector.js", "photo-20260101-iPhone12.png", "index.html", "assets/app.js",
             "logo.svg", "version-1.2.3.js", "my-decades.css",
             "assets/stylesheet.css", "assets/main-responsive.css", "_nuxt/builds/latest.json"],
)  # fmt: skip
def test_WEB_16_a_name_without_one(name: str) -> None:
    assert not re.search(HASHED, name)
