"""Nginx on a converged host, asked from outside."""

from __future__ import annotations

import concurrent.futures
import json
import resource
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest

from tests.support.box import number
from tests.support.client import Answer, Server
from tests.support.visitors import network

from .conftest import DOMAIN, Host
from .stages import once

HEADERS = (
    "strict-transport-security",
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "x-request-id",
)
MB = 2**20


@pytest.fixture
def web(box: Host) -> Server:
    return Server(DOMAIN, box.ip)


@pytest.fixture
def stylesheet(box: Host) -> str:
    """The path of one of the application's static files."""
    return "/static/" + box.ssh("cd /srv/*/current/static; ls *.css").split()[0]


@pytest.fixture(scope="module")
def visitor(box: Host) -> Iterator[Callable[[], str]]:
    """A function that gives a new client's address; unlike the tests' own it has limits."""
    with network(number(box.suite)) as addresses:
        yield lambda: next(addresses)


@pytest.fixture(scope="module", autouse=True)
def late(box: Host) -> Iterator[concurrent.futures.Future[tuple[Answer, float]]]:
    """A request that takes longer than allowed, asked while the other tests run."""

    def ask() -> tuple[Answer, float]:
        begin = time.monotonic()
        return Server(DOMAIN, box.ip).ask("/slow?seconds=75", timeout=90), time.monotonic() - begin

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        yield pool.submit(ask)


def logged(box: Host, *ids: str) -> list[dict]:
    """Entries of the access log by request id; waits for what Nginx holds back."""
    wanted = "|".join(ids)
    end = time.monotonic() + 15
    while True:
        found = box.run(f"grep -hE '{wanted}' /var/log/nginx/access.log").stdout.splitlines()
        if len(found) >= len(ids):
            entries = {entry["request_id"]: entry for entry in map(json.loads, found)}
            return [entries[identity] for identity in ids]
        assert time.monotonic() < end, f"{ids} not logged"
        box.run("kill -USR1 $(cat /run/nginx.pid)")  # makes every worker write what it has
        time.sleep(0.2)


def upload(web: Server, name: str, content: bytes) -> Answer:
    boundary = "----boundary"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n"
    ).encode() + content
    body += f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    return web.ask("/uploads", "POST", headers=kind, body=body, timeout=60)


def workers(box: Host) -> list[str]:
    return box.ssh("pgrep -f '[n]ginx: worker process'").split()


# --- in front of the application ----------------------------------------------------------------


def test_WEB_01_each_process_takes_its_share(box: Host, web: Server) -> None:
    processes = int(box.ssh("ls /srv/*/live/*.sock | wc -l"))
    with concurrent.futures.ThreadPoolExecutor(10 * processes) as pool:
        asked = [pool.submit(web.ask, "/slow?seconds=2") for _ in range(10 * processes)]
        ids = [one.result().header("x-request-id") for one in asked]
    shares = Counter(entry["upstream"] for entry in logged(box, *ids))
    assert len(shares) == processes
    assert 8 <= min(shares.values()) <= max(shares.values()) <= 12


def test_WEB_01_open_files_of_the_running_processes(box: Host) -> None:
    for worker in workers(box):
        limit = int(box.ssh(f"awk '/open files/ {{print $4}}' /proc/{worker}/limits"))
        assert limit >= 2 * 8192


@once
def test_WEB_01_3000_clients_are_connected_at_once(web: Server, stylesheet: str) -> None:
    """Each is served when it comes, and again on the same connection when all are there."""

    def come(_: int) -> ssl.SSLSocket:
        connection = web.connect()
        assert isinstance(connection, ssl.SSLSocket)
        served(connection)
        return connection

    def served(connection: ssl.SSLSocket) -> bool:
        connection.sendall(f"HEAD {stylesheet} HTTP/1.1\r\nHost: {DOMAIN}\r\n\r\n".encode())
        return connection.recv(4096).startswith(b"HTTP/1.1 200")

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 8192), hard), hard))
    held: list[ssl.SSLSocket] = []
    try:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for connection in pool.map(come, range(3000)):
                held.append(connection)
            assert Counter(pool.map(served, held)) == {True: 3000}
        assert web.ask("/version").status == 200
    finally:
        for connection in held:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_WEB_01_a_request_that_was_not_sent_goes_to_another_process(box: Host, web: Server) -> None:
    """A socket that nobody listens on any more, as between a crash and the restart."""
    name = box.ssh("ls /srv/*/live/*.sock | head -n 1")
    box.ssh(f"mv {name} {name}.aside")
    try:
        statuses = Counter(web.ask("/version").status for _ in range(20))
    finally:
        box.ssh(f"mv {name}.aside {name}")
    many = int(box.ssh("ls /srv/*/live/*.sock | wc -l")) > 1
    assert statuses == ({200: 20} if many else {502: 20})


def test_WEB_07_a_late_answer_is_a_504_after_a_minute(
    late: concurrent.futures.Future[tuple[Answer, float]],
) -> None:
    answer, seconds = late.result(timeout=100)
    assert answer.status == 504
    assert 59 < seconds < 65


def test_WEB_07_51_MB_are_refused_before_they_are_sent(box: Host, web: Server) -> None:
    head = f"POST /uploads HTTP/1.1\r\nHost: {DOMAIN}\r\nContent-Length: {51 * MB}\r\n\r\n"
    with web.connect() as connection:
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_WEB_07_49_MB_reach_the_application(box: Host, web: Server) -> None:
    answer = upload(web, "large.bin", bytes(49 * MB))
    (entry,) = logged(box, answer.header("x-request-id"))
    assert entry["upstream"].startswith("unix:/")


def test_WEB_13_websockets_pass(web: Server) -> None:
    with web.connect() as connection:
        connection.sendall(handshake())
        assert connection.recv(4096).startswith(b"HTTP/1.1 101")
        connection.sendall(bytes([0x81, 0x85, 0, 0, 0, 0]) + b"hello")
        assert connection.recv(4096).endswith(b"hello")


def test_WEB_13_a_foreign_page_gets_no_websocket(web: Server) -> None:
    with web.connect() as connection:
        connection.sendall(handshake("Origin: https://evil.test\r\n"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 403")


def handshake(extra: str = "") -> bytes:
    return (
        f"GET /ws/echo HTTP/1.1\r\nHost: {DOMAIN}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"{extra}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def test_WEB_13_server_sent_events_arrive_as_they_are_sent(web: Server) -> None:
    with web.connect() as connection:
        connection.sendall(f"GET /events HTTP/1.1\r\nHost: {DOMAIN}\r\n\r\n".encode())
        begin, found = time.monotonic(), b""
        while found.count(b"event: tick") < 2:
            found += connection.recv(4096)
        assert b"text/event-stream" in found
        assert 0.5 < time.monotonic() - begin < 4  # one a second, not all at once


# --- what is sent -------------------------------------------------------------------------------


def test_WEB_03_text_loses_70_percent(web: Server) -> None:
    for count in range(30):
        item = {"name": f"Item {count}", "description": "What it is, and what it is good for."}
        kind = {"Content-Type": "application/json"}
        answer = web.ask("/items", "POST", headers=kind, body=json.dumps(item).encode())
        assert answer.status == 201
    for path in ("/items?cache=no", "/"):
        plain = web.ask(path)
        small = web.ask(path, headers={"Accept-Encoding": "gzip"})
        assert small.header("content-encoding") == "gzip"
        assert "Accept-Encoding" in small.all("vary")
        saved = 1 - len(small.body) / len(plain.body)
        assert saved >= 0.7, f"{path}: {saved:.0%}"


def test_WEB_05_headers_are_on_every_response(
    web: Server, stylesheet: str, visitor: Callable[[], str]
) -> None:
    someone = visitor()
    refused = web.ask("/version", source=someone)
    for _ in range(500):
        if refused.status == 429:
            break
        refused = web.ask("/version", source=someone)
    answers = {
        200: web.ask("/"),
        404: web.ask("/none"),
        405: web.ask("/", "PROPFIND"),
        413: web.ask("/items", "POST", headers={"Content-Length": str(51 * MB)}),
        429: refused,
    }
    for status, answer in answers.items():
        assert answer.status == status
    files = [web.ask(stylesheet), web.ask("/static/none"), web.ask("/docs")]
    for answer in [*answers.values(), *files]:
        for name in HEADERS:
            assert len(answer.all(name)) == 1, f"{name} in the {answer.status}"
        policy = answer.header("content-security-policy")
        assert "unsafe-inline" not in policy
        assert answer.header("server") == "nginx"
        assert answer.all("x-powered-by") == []


def test_WEB_06_static_files_are_nginxs_own(box: Host, web: Server, stylesheet: str) -> None:
    answer = web.ask(stylesheet)
    assert answer.status == 200
    assert answer.header("cache-control").startswith("public, max-age=2592000")
    assert answer.header("content-type").startswith("text/css")
    missing = web.ask("/static/none.css")
    assert (missing.status, missing.header("cache-control")) == (404, "no-store")
    ids = [one.header("x-request-id") for one in (answer, missing)]
    assert [entry["upstream"] for entry in logged(box, *ids)] == ["", ""]
    again = web.ask(stylesheet, headers={"If-None-Match": answer.header("etag")})
    assert (again.status, again.body) == (304, b"")


def test_WEB_06_uploads_are_nginxs_own_and_never_run(box: Host, web: Server) -> None:
    picture = upload(web, "photo.png", b"\x89PNG")
    assert picture.status == 201, picture.body
    shown = web.ask(picture.json()["url"])
    assert (shown.status, shown.body) == (200, b"\x89PNG")
    assert shown.header("cache-control") == "public, max-age=2592000"
    page = upload(web, "page.html", b"<script>alert(1)</script>")
    saved = web.ask(page.json()["url"])
    assert saved.header("content-disposition") == "attachment"
    assert "sandbox" in saved.header("content-security-policy")
    ids = [one.header("x-request-id") for one in (shown, saved)]
    assert [entry["upstream"] for entry in logged(box, *ids)] == ["", ""]


def test_WEB_06_uploads_lead_nowhere_else(box: Host, web: Server) -> None:
    uploads = box.ssh("echo /srv/*/uploads")
    box.ssh(f"ln -s /etc/hostname {uploads}/link.txt; ln -s /etc {uploads}/link")
    try:
        assert web.ask("/uploads/link.txt").status in (403, 404)
        assert web.ask("/uploads/link/passwd").status in (403, 404)
        for path in ("/uploads/../current/Procfile", "/uploads../current/Procfile"):
            assert b"web:" not in web.raw(
                f"GET {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n".encode()
            )
    finally:
        box.ssh(f"rm {uploads}/link.txt {uploads}/link")


# --- who may ------------------------------------------------------------------------------------


def test_WEB_04_60_a_minute(web: Server, stylesheet: str, visitor: Callable[[], str]) -> None:
    someone, other = visitor(), visitor()
    begin = time.monotonic()
    statuses = [web.ask("/version", source=someone).status for _ in range(75)]
    grown = int(time.monotonic() - begin) + 1  # one a second comes back
    assert statuses[:60] == [200] * 60
    assert 60 <= statuses.count(200) <= 60 + grown
    refused = web.ask("/version", source=someone, headers={"Accept": "application/json"})
    if refused.status == 200:  # the second's own
        refused = web.ask("/version", source=someone, headers={"Accept": "application/json"})
    assert refused.status == 429
    assert refused.header("retry-after") == "60"
    assert refused.json()["error"] == "Too many requests"
    assert web.ask("/version", source=other).status == 200
    assert web.ask(stylesheet, source=someone).status == 200


def test_WEB_04_logins_are_stricter(web: Server, visitor: Callable[[], str]) -> None:
    someone = visitor()
    guess = json.dumps({"email": "a@example.com", "password": "not the password"}).encode()
    kind = {"Content-Type": "application/json"}
    attempts = [
        web.ask(path, "POST", headers=kind, body=guess, source=someone).status
        for path in ("/login", "/login", "//login", "/login/", "/LOGIN", "/login", "/%6cogin")
    ]
    assert 429 not in attempts[:5]
    assert attempts[5:] == [429, 429]
    assert web.ask("/version", source=someone).status == 200


def test_WEB_04_a_claimed_address_is_no_way_around(web: Server, visitor: Callable[[], str]) -> None:
    someone = visitor()
    statuses = Counter(
        web.ask("/version", source=someone, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status
        for n in range(75)
    )
    assert statuses[429] >= 10


def test_WEB_09_other_origins_read_nothing(web: Server) -> None:
    own = web.ask("/items", headers={"Origin": f"https://{DOMAIN}"})
    assert own.header("access-control-allow-origin") == f"https://{DOMAIN}"
    for origin in ("https://evil.test", f"http://{DOMAIN}", f"https://{DOMAIN}.evil.test", "null"):
        question = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for answer in (
            web.ask("/items", headers={"Origin": origin}),
            web.ask("/items", "OPTIONS", headers=question),
        ):
            names = [name for name, _ in answer.headers if name.startswith("access-control")]
            assert names == [], origin


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/DOCS", "//docs", "/docs/"])
def test_WEB_10_the_apis_documentation_is_closed(box: Host, web: Server, path: str) -> None:
    answer = web.ask(path)
    assert answer.status == 404
    assert logged(box, answer.header("x-request-id"))[0]["upstream"] == ""


def test_unknown_names_and_the_bare_address_learn_nothing(box: Host, web: Server) -> None:
    assert web.raw(b"GET / HTTP/1.1\r\nHost: other.test\r\n\r\n", tls=False) == b""
    assert web.raw(b"GET / HTTP/1.0\r\n\r\n", tls=False) == b""
    # The handshake was for the right name, the request is for another one.
    assert web.raw(b"GET / HTTP/1.1\r\nHost: other.test\r\n\r\n") == b""


def test_plain_http_leads_to_https(web: Server) -> None:
    answer = web.ask("/a?b=c", tls=False)
    assert (answer.status, answer.header("location")) == (301, f"https://{DOMAIN}/a?b=c")


def test_challenges_are_answered_over_plain_http(box: Host, web: Server) -> None:
    folder = "/var/www/acme/.well-known/acme-challenge"
    box.ssh(f"mkdir -p {folder}; echo proof > {folder}/test")
    try:
        answer = web.ask("/.well-known/acme-challenge/test", tls=False)
    finally:
        box.ssh("rm -r /var/www/acme/.well-known")
    assert (answer.status, answer.body) == (200, b"proof\n")


# --- what is written, and what is switched ------------------------------------------------------


def test_LOG_02_a_request_is_found_by_its_id_with_its_times(box: Host, web: Server) -> None:
    agent = '"}{\\'
    answer = web.ask("/slow?seconds=0.3&token=secret", headers={"User-Agent": agent})
    (entry,) = logged(box, answer.header("x-request-id"))
    assert (entry["method"], entry["path"], entry["status"]) == ("GET", "/slow", 200)
    assert entry["request_time"] >= 0.3
    assert float(entry["upstream_time"]) >= 0.3
    assert (entry["client"], entry["host"], entry["agent"]) == ("10.0.3.1", DOMAIN, agent)
    assert entry["upstream"].startswith("unix:/srv/")


def test_maintenance_closes_and_opens_at_once(box: Host, web: Server, stylesheet: str) -> None:
    before = workers(box)
    assert box.ssh("maintenance on") == "maintenance is on"
    try:
        wish = {"Accept": "application/json"}
        closed = [web.ask(path, headers=wish) for path in ("/", "/items", stylesheet)]
        health = web.ask("/health").status
    finally:
        box.ssh("maintenance off")
    assert {answer.status for answer in closed} == {503}
    assert {answer.header("retry-after") for answer in closed} == {"300"}
    assert closed[0].json()["error"] == "Down for maintenance"
    assert health == 200
    assert web.ask("/version").status == 200
    assert workers(box) == before


# --- other settings -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def changed(box: Host) -> Iterator[dict[str, str]]:
    """The same host with other settings: a CDN in front, a cache, no limit a minute."""
    before = box.ssh("cat /run/nginx.pid")
    box.converge(
        READYHOST_ALIASES=json.dumps([f"www.{DOMAIN}"]),
        READYHOST_NGINX__TRUSTED_PROXIES='["10.0.3.1/32"]',
        READYHOST_NGINX__LIMITS__UNLIMITED="[]",
        READYHOST_NGINX__LIMITS__PER_MINUTE="0",
        READYHOST_NGINX__MAINTENANCE_ALLOW='["203.0.113.200/32"]',
        READYHOST_NGINX__CACHE__ENABLED="true",
    )
    yield {"before": before, "after": box.ssh("cat /run/nginx.pid")}
    box.converge()


@once
def test_a_change_of_settings_is_a_reload_not_a_restart(changed: dict[str, str]) -> None:
    assert changed["before"] == changed["after"]


@once
def test_WEB_11_the_cdns_client_is_the_client(
    box: Host, web: Server, changed: dict[str, str], visitor: Callable[[], str]
) -> None:
    said = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
    through = web.ask("/version", headers=said)
    someone = visitor()
    directly = web.ask("/version", headers=said, source=someone)
    ids = [through.header("x-request-id"), directly.header("x-request-id")]
    assert [entry["client"] for entry in logged(box, *ids)] == ["203.0.113.9", someone]


@once
def test_WEB_04_1000_an_hour_for_the_cdns_client_alone(
    web: Server, changed: dict[str, str]
) -> None:
    # Many requests on one connection, as from a CDN.
    head = f"HEAD /version HTTP/1.1\r\nHost: {DOMAIN}\r\nX-Forwarded-For: 203.0.113.77\r\n"
    begin = time.monotonic()
    statuses: Counter[bytes] = Counter()
    for _ in range(11):
        more, last = head + "\r\n", head + "Connection: close\r\n\r\n"
        got = web.raw((more * 99 + last).encode(), timeout=30)
        statuses.update(line[9:12] for line in got.splitlines() if line.startswith(b"HTTP/1.1"))
    grown = int((time.monotonic() - begin) * 16 / 60) + 1
    assert statuses.total() == 1100
    assert 1000 <= statuses[b"200"] <= 1000 + grown
    assert statuses[b"429"] >= 100 - grown
    assert web.ask("/version", headers={"X-Forwarded-For": "203.0.113.78"}).status == 200


@once
def test_WEB_04_an_ipv6_client_is_its_64(web: Server, changed: dict[str, str]) -> None:
    def ask(address: str) -> int:
        kind = {"X-Forwarded-For": address, "Content-Type": "application/json"}
        return web.ask("/login", "POST", headers=kind, body=b"{}").status

    assert [ask(f"2001:db8:7:7::{n:x}") == 429 for n in range(1, 8)] == [False] * 5 + [True] * 2
    assert ask("2001:db8:7:8::1") != 429


@once
def test_WEB_12_what_the_application_allows_is_kept_a_second(
    web: Server, changed: dict[str, str]
) -> None:
    path = f"/items?{urlencode({'n': time.time()})}"
    first, second = web.ask(path), web.ask(path)
    assert first.header("x-cache-status") == "MISS"
    assert second.header("x-cache-status") == "HIT"
    assert second.body == first.body
    for name in ("Cookie", "Authorization"):
        assert web.ask(path, headers={name: "session=1"}).header("x-cache-status") == "BYPASS"
    assert web.ask("/version").header("x-cache-status") == "MISS"
    assert web.ask("/version").header("x-cache-status") == "MISS"


@once
def test_aliases_lead_to_the_domain(web: Server, changed: dict[str, str]) -> None:
    answer = web.ask("/a?b=c", host=f"www.{DOMAIN}")
    assert (answer.status, answer.header("location")) == (301, f"https://{DOMAIN}/a?b=c")
    own = web.ask("/items", headers={"Origin": f"https://www.{DOMAIN}"})
    assert own.header("access-control-allow-origin") == f"https://www.{DOMAIN}"


@once
def test_maintenance_lets_chosen_addresses_through(
    box: Host, web: Server, changed: dict[str, str]
) -> None:
    box.ssh("maintenance on")
    try:
        chosen = web.ask("/version", headers={"X-Forwarded-For": "203.0.113.200"}).status
        other = web.ask("/version", headers={"X-Forwarded-For": "203.0.113.201"}).status
    finally:
        box.ssh("maintenance off")
    assert (chosen, other) == (200, 503)


@once
def test_a_reload_cuts_no_websocket(box: Host, web: Server) -> None:
    with web.connect() as connection:
        connection.sendall(handshake())
        assert connection.recv(4096).startswith(b"HTTP/1.1 101")
        box.ssh("systemctl reload nginx")
        time.sleep(1)
        connection.sendall(bytes([0x81, 0x85, 0, 0, 0, 0]) + b"still")
        assert connection.recv(4096).endswith(b"still")
