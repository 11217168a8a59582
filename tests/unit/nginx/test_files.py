"""Static files and uploads: served by Nginx, kept for a month, never run."""

import gzip
import time

import pytest

from .conftest import Serve, Web

MONTH = 30 * 86_400


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    web = serve(limits={"per_minute": 0, "per_hour": 0})
    web.write("current/static/app.css", "body {}")
    web.write("earlier/static/app.css", "body { former }")
    web.write("earlier/static/app.89abcdef.js", "let former")
    web.write("current/static/app.0123abcd.js", "let a")
    web.write("current/static/lib/module.mjs", "export let a")
    return web


def test_they_are_kept_for_a_month(web: Web) -> None:
    answer = web.ask("/static/app.css")
    assert answer.header("cache-control") == f"public, max-age={MONTH}"
    assert answer.header("content-type") == "text/css"
    assert answer.header("etag")


def test_a_hash_in_the_name_makes_them_immutable(web: Web) -> None:
    assert web.ask("/static/app.0123abcd.js").header("cache-control").endswith("immutable")
    assert "immutable" not in web.ask("/static/lib/module.mjs").header("cache-control")


def test_scripts_have_a_type_that_nosniff_allows(web: Web) -> None:
    for path in ("/static/app.0123abcd.js", "/static/lib/module.mjs"):
        assert web.ask(path).header("content-type").startswith("text/javascript")


def test_the_application_sees_none_of_it(web: Web) -> None:
    before = len(web.reached)
    web.write("uploads/photo.png", "png")
    for path in ("/static/app.css", "/static/none.css", "/uploads/photo.png", "/uploads/none"):
        web.ask(path)
    assert len(web.reached) == before


def test_what_is_not_there_is_not_kept(web: Web) -> None:
    answer = web.ask("/static/none.css")
    assert (answer.status, answer.header("cache-control")) == (404, "no-store")


def test_a_file_compressed_beforehand_is_sent_as_it_is(web: Web) -> None:
    web.write("current/static/big.css.gz", gzip.compress(b"made beforehand"))
    web.write("current/static/big.css", "made beforehand")
    answer = web.ask("/static/big.css", headers={"Accept-Encoding": "gzip"})
    assert answer.header("content-encoding") == "gzip"
    assert gzip.decompress(answer.body) == b"made beforehand"


@pytest.mark.parametrize("name", ["page.html", "image.svg", "code.js", "paper.pdf", "no-ending"])
def test_an_upload_that_could_run_is_saved_instead(web: Web, name: str) -> None:
    web.write(f"uploads/{name}", "<script>alert(1)</script>")
    answer = web.ask(f"/uploads/{name}")
    assert answer.status == 200
    assert answer.header("content-disposition") == "attachment"
    assert "sandbox" in answer.header("content-security-policy")
    assert answer.header("x-content-type-options") == "nosniff"


def test_a_picture_is_shown(web: Web) -> None:
    web.write("uploads/photo.JPG", "jpg")
    answer = web.ask("/uploads/photo.JPG")
    assert answer.all("content-disposition") == []
    assert answer.header("cache-control") == f"public, max-age={MONTH}"


def test_links_lead_nowhere(web: Web) -> None:
    secret = web.write("secret.txt", "secret")
    (web.root / "srv/shop/uploads/link.txt").symlink_to(secret)
    assert web.ask("/uploads/link.txt").status == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/..%2fsecret.txt",
        "/static../secret.txt",
        "/static/.env",
        "/uploads/../secret.txt",
        "/uploads../secret.txt",
        "/uploads/",
        "/static/",
        "/static/app.css%00.png",
    ],
)
def test_nothing_but_the_files_is_reached(web: Web, path: str) -> None:
    web.write("secret.txt", "secret")
    web.write("current/secret.txt", "secret")
    web.write("current/static/.env", "secret")
    got = web.raw(f"GET {path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n".encode())
    _, _, body = got.partition(b"\r\n\r\n")
    assert b"secret" not in body or b'"target"' in body  # the application's own 404 to give


def test_a_release_takes_effect_at_once(web: Web) -> None:
    web.write("current/static/version.txt", "one")
    # Often enough for each worker to have seen it.
    assert {web.ask("/static/version.txt").body for _ in range(20)} == {b"one"}
    current = web.root / "srv/shop/current"
    current.rename(current.with_name("former"))
    time.sleep(0.01)
    web.write("current/static/version.txt", "two")
    assert {web.ask("/static/version.txt").body for _ in range(20)} == {b"two"}
    (web.root / "srv/shop/current/static/version.txt").unlink()
    (web.root / "srv/shop/current/static").rmdir()
    current.rmdir()
    current.with_name("former").rename(current)


def test_WEB_14_a_former_releases_file_is_answered_and_the_live_ones_go_first(web: Web) -> None:
    former = web.ask("/static/app.89abcdef.js")
    assert (former.status, former.body) == (200, b"let former")
    assert former.header("cache-control").endswith("immutable")
    assert web.ask("/static/app.css").body == b"body {}"
    for path in ("/static/live/app.css", "/static/1/app.css", "/static/", "/static/lib"):
        answer = web.ask(path)
        assert (answer.status, answer.header("cache-control")) == (404, "no-store"), path
