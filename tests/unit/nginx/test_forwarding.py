"""What a visitor may claim, send along or leave behind: none of it is believed (SEC-06)."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from roles.nginx import Nginx
from roles.nginx.forwarding import CLAIMS
from tests.support.http2 import Connection

from .conftest import Serve, Web

DOMAIN = "shop.test"


# Not left to the list itself: a page for nobody that is kept for all, and who has logged in.
INNER = (
    "X-Now-Route-Matches", "X-Nuxt-No-SSR", "X-React-Router-SPA-Mode", "X-Middleware-Rewrite",
    "X-Matched-Path", "X-Invoke-Status", "Remote-Groups", "X-WebAuth-User", "X-Auth-Request-User",
    "X-MS-Client-Principal", "Tailscale-User-Login",
)  # fmt: skip


def lines(
    web: Web, *headers: str, method: str = "GET", path: str = "/answer", body: str = ""
) -> int:
    """The status of a request with these very lines."""
    head = "".join(f"{line}\r\n" for line in (f"Host: {DOMAIN}", "Connection: close", *headers))
    said = web.raw(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
    return int(said.split()[1])


def test_SEC_06_what_only_a_proxy_knows_is_no_visitors_to_say(serve: Serve) -> None:
    web = serve()
    odd = ("X_Forwarded_Prefix", "X_Original_URL", "SCRIPT_NAME", "X.Forwarded.Prefix", *INNER)
    assert lines(web, *(f"{name}: evil" for name in (*CLAIMS, *odd))) == 200
    with Connection.to(web) as connection:
        pseudo = ((":method", "GET"), (":scheme", "https"), (":authority", DOMAIN))
        claims = ((name.lower(), "evil") for name in (*CLAIMS, *odd))
        connection.ask((*pseudo, (":path", "/answer?h2"), *claims))
        assert connection.answer()[0] in (200, 0, 1)  # Nginx refuses more of it than it has to
    assert "evil" not in str(web.reached)
    assert len(web.reached) >= 1


def test_SEC_06_one_that_is_named_is_let_through(serve: Serve) -> None:
    web = serve(passed_headers=("x-forwarded-prefix",))
    assert lines(web, "X-Forwarded-Prefix: /shop", "X-Forwarded-Server: evil") == 200
    (seen,) = web.reached
    assert "/shop" in str(seen)
    assert "evil" not in str(seen)
    for name in ("X-Forwarded-For", "Accept"):
        with pytest.raises(ValidationError, match=name):
            Nginx(passed_headers=(name,))


PACKED = ("gzip", "gzip, x", "br,gzip", "x", "identity, gzip", " gzip", "GZIP", "x:/.error/")


def test_SEC_06_nobody_unpacks_what_a_visitor_packed(serve: Serve) -> None:
    web = serve()
    for value in PACKED:
        encoding = f"Content-Encoding: {value}"
        assert lines(web, encoding, "Content-Length: 1", method="POST", body="x") == 415, value
    tricks = (
        ("Content-Encoding: identity", "Content-Encoding: gzip"),
        ("Content-Encoding:", "Content-Encoding: gzip"),
        ("Content_Encoding: gzip",),
        ("Content-Encoding: identity", "Content-encoding: br", "Content-Encoding: gzip"),
    )
    for trick in tricks:
        status = lines(web, *trick, "Content-Length: 1", method="POST", body="x")
        assert status in (200, 415), trick
    assert "gzip" not in str(web.reached)
    assert lines(web, "Content-Length: 1", method="POST", path="/a%20b", body="x") != 415


CLOSED = (
    "/docs", "/docs.", "/docs%20", "/docs%09", "/docs;x", "/docs.json", "//docs", "/DOCS",
    "/docs/..", "/docs/../", "/docs/%2e%2e", "/docs/x/../..", "/docs/..;/", "/./docs", "/;x/docs",
    "/%20docs", "/.;/docs", "/docs%5c", "/%5cdocs", "/docs%2f..", "/docs..", "/docs+",
    "/docs%3fx", "/docs/.", "/docs%252e", "/x%2f..%2fdocs", "/openapi.json.", "/openapi.json%20",
    "/x/..%5cdocs", "/docs%23", "/docs,x", "/docs%c2%a0",
)  # fmt: skip


def test_SEC_06_a_closed_path_is_closed_however_it_is_written(serve: Serve) -> None:
    web = serve(docs_paths=("/docs", "/openapi.json"))
    found = {path: lines(web, path=path) for path in CLOSED}
    assert {path: status for path, status in found.items() if status != 404} == {}
    assert web.reached == []
    for path in ("/docsets", "/docs-old", "/docs_x", "/x/docs", "/openapi-json", "/a..b", "/...x"):
        lines(web, path=path)
    assert len(web.reached) == 6  # the last begins with a dot


def test_SEC_06_an_answer_to_a_body_is_kept_for_nobody(serve: Serve) -> None:
    web = serve()
    path = "/answer?header=Cache-Control:%20public,%20max-age=60"
    for number, body in enumerate(("Content-Length: 4", "Transfer-Encoding: chunked")):
        for method in ("GET", "HEAD"):
            mine = f"{path}&n={number}{method}"
            text = "evil" if number == 0 else "4\r\nevil\r\n0\r\n\r\n"
            before = len(web.reached)
            lines(web, body, method=method, path=mine, body=text)
            assert web.ask(mine).header("x-cache-status") == "MISS", (body, method)
            assert len(web.reached) == before + 2
            assert web.ask(mine).header("x-cache-status") == "HIT"
    mine = f"{path}&n=h2"
    with Connection.to(web) as connection:
        pseudo = ((":method", "GET"), (":scheme", "https"), (":authority", DOMAIN), (":path", mine))
        connection.ask(pseudo, body=b"evil")
        assert connection.answer()[0] == 200
    assert web.ask(mine).header("x-cache-status") == "MISS"


@pytest.mark.parametrize(
    "name", ["a.js", "a.mjs", "a.css", "a.html", "a.xhtml", "a.xml", "a.json", "a.JS", "a.txt", "a",
             "a.svg.js", "a.wasm", "a.svgz", "a.png.html"],
)  # fmt: skip
def test_SEC_06_an_upload_is_neither_page_nor_script(serve: Serve, name: str) -> None:
    web = serve()
    web.write(f"uploads/{name}", "alert(1)")
    answer = web.ask(f"/uploads/{name}")
    assert answer.status == 200
    assert answer.header("content-type") == "application/octet-stream"
    assert answer.header("content-disposition") == "attachment"
    assert "sandbox" in answer.header("content-security-policy")
    assert answer.header("x-content-type-options") == "nosniff"


def test_SEC_06_pictures_sound_and_film_are_shown(serve: Serve) -> None:
    web = serve()
    for name, kind in (
        ("a.png", "image/png"),
        ("a.MP4", "video/mp4"),
        ("a.ogg", "audio/ogg"),
    ):
        web.write(f"uploads/{name}", "x")
        answer = web.ask(f"/uploads/{name}")
        assert (answer.header("content-type"), answer.all("content-disposition")) == (kind, [])
    web.write("uploads/a.svg", "<svg/>")
    picture = web.ask("/uploads/a.svg")
    assert picture.header("content-type").startswith("image/svg+xml")
    assert picture.header("content-disposition") == "attachment"
