"""A Prometheus elsewhere reads exporters through a real Nginx, and nobody else does."""

from __future__ import annotations

import http.client
import http.server
import json
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from roles.core.errors import OperatorError
from roles.nginx import Nginx, Scraped, origin
from roles.nginx.scraped import entries

from .conftest import Serve, Web
from .test_origin import signed

SEEN: list[str] = []


class Exporter(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        SEEN.append(f"{self.path} {self.headers['Host']}")
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"up 1\n")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def exporter() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exporter)
    threading.Thread(target=server.serve_forever).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def asked(port: int, path: str, client: Path | None, method: str = "GET") -> int:
    return answered(port, path, client, method)[0]


def answered(
    port: int, path: str, client: Path | None, method: str = "GET", host: str = "127.0.0.1"
) -> tuple[int, bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if client:
        context.load_cert_chain(client)
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=10)
    try:
        connection.request(method, path, headers={"Host": f"{host}:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_MON_08_only_who_shows_a_certificate_reads_and_only_what_is_there(
    serve: Serve, exporter: int, tmp_path: Path
) -> None:
    authority, ours = signed(tmp_path, "ours")
    _, theirs = signed(tmp_path, "theirs")
    behind = f"http://127.0.0.1:{exporter}"
    probe = f"{behind}/probe?module=shop&target=x"
    paths = (("/node", f"{behind}/metrics"), ("/probe/shop", probe))
    port = free()
    web: Web = serve(measured=Scraped(port, authority, paths))
    assert asked(port, "/node", ours) == 200
    assert asked(port, "/probe/shop", ours) == 200
    assert SEEN == ["/metrics 127.0.0.1", "/probe?module=shop&target=x 127.0.0.1"]
    assert [asked(port, "/node", each) for each in (None, theirs)] == [400, 400]
    for path in ("/", "/metrics", "/node/", "/probe/other", "/probe/shop?target=http://10.0.0.1/",
                 "/probe/shop?0"):  # fmt: skip
        assert asked(port, path, ours) == 404, path
    assert asked(port, "/node", ours, "POST") == 403
    assert len(SEEN) == 2
    assert web.ask("/").status == 200  # the site's visitors show none
    lines = (web.root / "var/log/nginx/scraped.log").read_text().splitlines()
    good = [each for each in map(json.loads, lines) if each["status"] == 200]
    assert [each["path"] for each in good] == ["/node", "/probe/shop"]
    assert "/node" not in web.logged("/")  # visitors are counted, it is not


def test_MON_08_no_page_of_the_site_is_taken_for_an_exporters_numbers(
    serve: Serve, exporter: int, tmp_path: Path
) -> None:
    """A Prometheus that asks by the site's name asks for the same URL as its visitors, whose
    answers Nginx keeps."""
    authority, ours = signed(tmp_path, "ours")
    paths = (("/node", f"http://127.0.0.1:{exporter}/"), ("/kept", f"http://127.0.0.1:{exporter}/"))
    port = free()
    web: Web = serve(measured=Scraped(port, authority, paths))
    assert [web.ask("/kept").header("x-cache-status") for _ in range(2)] == ["MISS", "HIT"]
    assert answered(port, "/kept", ours, host=web.domain) == (200, b"up 1\n")


@pytest.mark.parametrize(
    "begin", [b"Content-Length: 9000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n5\r\n"]
)
def test_MON_08_who_reads_sends_no_body_that_never_ends(
    serve: Serve, exporter: int, tmp_path: Path, begin: bytes
) -> None:
    """Each byte in time would hold a connection for as long as he likes."""
    authority, ours = signed(tmp_path, "ours")
    port = free()
    path = ("/node", f"http://127.0.0.1:{exporter}/metrics")
    serve(measured=Scraped(port, authority, (path,)))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.load_cert_chain(ours)
    with context.wrap_socket(socket.create_connection(("127.0.0.1", port), 10)) as door:
        door.sendall(b"GET /node HTTP/1.1\r\nHost: x\r\n" + begin)
        door.sendall(b"xx")
        assert door.recv(12) == b"HTTP/1.1 413"


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
def test_MON_08_no_session_stands_in_for_a_certificate(
    serve: Serve, exporter: int, tmp_path: Path, version: str
) -> None:
    """One that was begun with it is not resumed without, though the site's own are."""
    authority, ours = signed(tmp_path, "ours")
    port = free()
    path = ("/node", f"http://127.0.0.1:{exporter}/metrics")
    serve(measured=Scraped(port, authority, (path,)))
    kept = tmp_path / "session"
    shown = ["-cert", str(ours), "-key", str(ours), "-sess_out", str(kept)]
    assert "HTTP/1.1 200" in spoken(port, version, *shown)
    if kept.exists():  # by TLS 1.3 there always is something to keep
        said = spoken(port, version, "-sess_in", str(kept))
        assert "HTTP/1.1 400" in said and "Reused" not in said


def spoken(port: int, version: str, *options: str) -> str:
    """The answer, and what openssl s_client says of TLS."""
    ask = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", f"-{version}", "-ign_eof"]
    request = "GET /node HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    return subprocess.run(
        [*ask, *options], input=request, text=True, capture_output=True, timeout=10, check=False
    ).stdout


def test_an_authority_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("")
    for file in (tmp_path / "empty.pem", tmp_path / "none.pem"):
        with pytest.raises(OperatorError, match=r"monitoring.scraped_ca_file: "):
            entries(Scraped(1, file, (("/node", "http://127.0.0.1:1/"),)), {})


def test_SEC_02_no_key_beside_a_certificate_becomes_everybodys_to_read(tmp_path: Path) -> None:
    """As `cat ca.pem ca.key` makes it, and many programs."""
    authority, _ = signed(tmp_path, "ours")
    both = tmp_path / "both.pem"
    frame = "-----{} EC PRIVATE KEY-----\n"
    both.write_text(f"{authority.read_text()}{frame.format('BEGIN')}x\n{frame.format('END')}")
    with pytest.raises(OperatorError, match=r"^/etc/nginx/origin.pem would show a private key"):
        origin.entries(Nginx(origin={"ca_file": both}))
    assert origin.entries(Nginx(origin={"ca_file": authority}))
