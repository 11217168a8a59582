"""Uploads that lie in storage elsewhere: fetched, kept and named by Nginx."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from roles.nginx import Bucket

from .conftest import Serve, Web

FILES = {
    "/shop/a/photo.png": (b"\x89PNG", "text/html"),
    "/shop/page.html": (b"<script>alert(1)</script>", "text/html"),
    "/shop/evil.js": (b"alert(1)", "application/javascript"),
    "/shop/a%20b.png": (b"blank", "image/png"),
    "/shop/signed.png": (b"secret", "image/png"),
}


class Storage(ThreadingHTTPServer):
    """As S3: 403 for what is not there, XML for errors. asked: what it saw; says: headers that it
    has in each answer besides."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.says: tuple[str, ...] = ()
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Storage

    def do_GET(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        path, _, query = self.path.partition("?")
        body, kind = FILES.get(path, (b"<Error>AccessDenied shop</Error>", "application/xml"))
        right = path in FILES and (path != "/shop/signed.png" or query == "X-Amz-Signature=good")
        self.send_response(307 if path == "/shop/moved.png" else 200 if right else 403)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "private, no-store",
            "Set-Cookie": "a=b",
            "Location": "https://elsewhere.example/",
            "Access-Control-Allow-Origin": "*",
            "X-Accel-Redirect": "/static/app.css",
        }.items():
            self.send_header(name, value)
        for name in self.server.says:
            self.send_header(name, "evil")
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_DELETE = do_POST = do_GET

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def storage() -> Iterator[Storage]:
    server = Storage()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def bucket(storage: Storage, *, is_public: bool) -> dict[str, Bucket]:
    host = f"127.0.0.1:{storage.server_port}"
    return {"bucket": Bucket(f"http://{host}/shop", host, is_public, "/none.pem")}


@pytest.fixture(scope="module")
def web(serve: Serve, storage: Storage) -> Web:
    return serve(site=bucket(storage, is_public=True))


def test_WEB_06_what_is_in_a_bucket_is_kept_and_asked_for_once(web: Web, storage: Storage) -> None:
    storage.asked.clear()
    for _ in range(3):
        answer = web.ask("/uploads/a/photo.png?anything", headers={"Cookie": "s=1"})
        assert (answer.status, answer.body) == (200, b"\x89PNG")
        assert answer.header("cache-control") == "public, max-age=2592000"
        assert answer.header("content-type") == "image/png"
        assert answer.all("set-cookie") == []
        assert answer.all("access-control-allow-origin") == []
    assert [path for _, path, _ in storage.asked] == ["/shop/a/photo.png"]
    assert not web.reached


def test_WEB_06_of_a_visitor_storage_hears_the_name_alone(web: Web, storage: Storage) -> None:
    storage.asked.clear()
    sent = {"Cookie": "s=1", "Authorization": "AWS x:y", "x-amz-acl": "public-read"}
    assert web.ask("/uploads/a%20b.png", headers=sent).body == b"blank"
    ((_, path, headers),) = storage.asked
    assert path == "/shop/a%20b.png"
    assert {name.lower() for name in headers} == {"host", "connection"}


@pytest.mark.parametrize("name", ["page.html", "evil.js"])
def test_SEC_06_nothing_in_a_bucket_is_a_script_or_a_page(web: Web, name: str) -> None:
    answer = web.ask(f"/uploads/{name}")
    assert answer.status == 200
    assert answer.header("content-type") == "application/octet-stream"
    assert answer.header("content-disposition") == "attachment"
    assert answer.header("x-content-type-options") == "nosniff"
    assert "sandbox" in answer.header("content-security-policy")


# Not left out by the list of what is hidden: a header that is missing there is missing here.
HOSTILE = (
    "Content-Security-Policy", "Content-Security-Policy-Report-Only", "X-Frame-Options",
    "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Clear-Site-Data",
    "Cross-Origin-Resource-Policy", "Service-Worker-Allowed", "Alt-Svc", "NEL", "Report-To",
    "Reporting-Endpoints", "Speculation-Rules", "Access-Control-Allow-Private-Network", "Refresh",
    "WWW-Authenticate", "CDN-Cache-Control", "Timing-Allow-Origin", "SourceMap", "Set-Cookie",
    "Link", "Vary", "Accept-CH", "Origin-Agent-Cluster", "X-Robots-Tag",
    "Strict-Transport-Security",
)  # fmt: skip


@pytest.mark.parametrize("is_public", [True, False])
def test_SEC_06_storage_says_nothing_of_this_site(
    serve: Serve, storage: Storage, is_public: bool
) -> None:
    storage.says = HOSTILE
    try:
        hostile = serve(site=bucket(storage, is_public=is_public))
        for path in ("/uploads/page.html", "/uploads/none.png", "/uploads/moved.png"):
            answer = hostile.ask(path)
            assert "evil" not in str(answer.headers), path
            policy = answer.header("content-security-policy")
            assert ("sandbox" in policy) == (answer.status == 200), path
            assert "default-src 'none'" in policy
            assert answer.header("x-frame-options") == "DENY"
            assert answer.header("cross-origin-resource-policy") == "same-site"
        own = hostile.answer(200, "Content-Security-Policy:default-src 'self'")
        assert own.header("content-security-policy") == "default-src 'self'"
        assert hostile.answer().header("x-frame-options") == "DENY"
    finally:
        storage.says = ()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/uploads/none.png", 404),
        ("/uploads/", 404),
        ("/uploads/../a", 404),
        ("/uploads/%2e%2e/other/x.png", 404),
        ("//uploads/a/photo.png", 404),
        ("/uploads/moved.png", 502),
    ],
)
def test_WEB_06_what_is_not_there_is_our_own_page(web: Web, path: str, status: int) -> None:
    answer = web.ask(path)
    assert answer.status == status
    assert b"AccessDenied" not in answer.body
    assert "elsewhere" not in "".join(answer.all("location"))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_WEB_06_nobody_writes_to_a_bucket(web: Web, storage: Storage, method: str) -> None:
    storage.asked.clear()
    assert web.ask("/uploads/a/photo.png", method=method).status == 404
    assert not storage.asked


def test_WEB_06_a_signature_is_handed_on_and_nothing_is_kept(
    serve: Serve, storage: Storage
) -> None:
    web = serve(site=bucket(storage, is_public=False))
    good = "/uploads/signed.png?X-Amz-Signature=good"
    answer = web.ask(good)
    assert answer.body == b"secret"
    # Nor by a CDN: many leave the query, and so the signature, out of what they know a file by.
    assert answer.header("cache-control") == "private, no-store"
    for path in ("/uploads/signed.png", "/uploads/signed.png?X-Amz-Signature=bad"):
        answer = web.ask(path)
        assert (answer.status, answer.header("cache-control")) == (403, "no-store")
        assert b"secret" not in answer.body
