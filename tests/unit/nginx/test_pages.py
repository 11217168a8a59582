"""Errors, closed paths, unknown names, maintenance."""

import ssl
import subprocess

import pytest

from roles.nginx.pages import PAGES

from .conftest import Serve, Web
from .laid_out import installed


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve(
        limits={"per_minute": 0, "per_hour": 0},
        maintenance_allow=["127.0.0.7"],
        maintenance_retry_after_seconds=120,
    )


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/json", "json"),
        ("application/json, text/plain, */*", "json"),
        ("application/problem+json", "json"),
        (BROWSER, "html"),
        ("*/*", "html"),
        ("", "html"),
    ],
)
def test_errors_come_in_the_wanted_form(web: Web, accept: str, kind: str) -> None:
    answer = web.ask("/docs", headers={"Accept": accept})
    assert answer.status == 404
    if kind == "json":
        assert answer.header("content-type").startswith("application/json")
        assert answer.json()["status"] == 404
        assert answer.json()["request_id"] == answer.header("x-request-id")
    else:
        assert answer.header("content-type").startswith("text/html")
        assert answer.header("x-request-id").encode() in answer.body
        assert b"nothing at this address" in answer.body


@pytest.mark.parametrize("status", PAGES)
def test_error_pages_can_not_be_asked_for(web: Web, status: int) -> None:
    assert web.ask(f"/.error/{status}.html").status == 404


def test_errors_answer_any_method(web: Web) -> None:
    assert web.ask("/gone", "POST", body=b"x").status == 502
    assert web.ask("/docs", "DELETE").status == 404
    head = web.ask("/docs", "HEAD")
    assert (head.status, head.body) == (404, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/docs/",
        "/docs/oauth2-redirect",
        "/redoc",
        "/openapi.json",
        "/DOCS",
        "//docs",
        "/%64ocs",
        "/x/../docs",
        "/x/%2e%2e/docs",
        "/docs?x=1",
        "/.git/config",
        "/.env",
        "/x/.htaccess",
    ],
)
def test_closed_paths_do_not_reach_the_application(web: Web, path: str) -> None:
    before = len(web.reached)
    got = web.raw(f"GET {path} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n".encode())
    assert got.startswith(b"HTTP/1.1 404")
    assert len(web.reached) == before


@pytest.mark.parametrize("path", ["/documents", "/docs2", "/.well-known/security.txt", "/a.b/c"])
def test_paths_alike_are_open(web: Web, path: str) -> None:
    assert web.ask(path).json()["path"] == path


def test_docs_can_be_opened(serve: Serve) -> None:
    assert serve(docs_open=True).ask("/docs").status == 200


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "TRACK", "get"])
def test_other_methods_are_refused(web: Web, method: str) -> None:
    before = len(web.reached)
    got = web.raw(f"{method} / HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n".encode())
    assert got[9:12] in (b"405", b"400")
    assert len(web.reached) == before


def test_unknown_names_and_bare_addresses_get_nothing(web: Web) -> None:
    before = len(web.reached)
    for host in ("other.test", "127.0.0.1", "shop.test.evil.test"):
        assert web.raw(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(), tls=False) == b""
    # The handshake was for the right name, the request is for another one.
    assert web.raw(b"GET / HTTP/1.1\r\nHost: other.test\r\n\r\n") == b""
    assert web.raw(b"GET / HTTP/1.0\r\n\r\n", tls=False) == b""
    if installed() >= (1, 20):
        with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
            web.ask("/", host="other.test")
    assert len(web.reached) == before


def test_challenges_of_a_certificate_authority_are_answered_in_plain(web: Web) -> None:
    challenge = web.root / "var/www/acme/.well-known/acme-challenge/token"
    challenge.parent.mkdir(parents=True, exist_ok=True)
    challenge.write_text("proof")
    for host in ("shop.test", "www.shop.test"):
        answer = web.ask("/.well-known/acme-challenge/token", tls=False, host=host)
        assert (answer.status, answer.body) == (200, b"proof")
    assert web.ask("/.well-known/acme-challenge/none", tls=False).status == 404


def test_aliases_lead_to_the_domain(web: Web, serve: Serve) -> None:
    answer = web.ask("/a?b=c", host="www.shop.test")
    assert (answer.status, answer.header("location")) == (301, "https://shop.test/a?b=c")
    assert serve(redirect_aliases=False).ask("/a", host="www.shop.test").status == 200


def maintenance(web: Web, state: str) -> str:
    """Run the command, with its flag where this Nginx looks for it."""
    script = (web.root / "usr/local/sbin/maintenance").read_text()
    done = subprocess.run(
        ["sh", "-c", script.replace("flag=/var", f"flag={web.root}/var"), "maintenance", state],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_maintenance_closes_the_site_at_once_but_for_chosen_addresses(web: Web) -> None:
    web.write("current/static/app.css", "body {}")
    assert maintenance(web, "on") == "maintenance is on\n"
    before = len(web.reached)
    answers = {
        path: web.ask(path, headers={"Accept": "application/json"})
        for path in ("/", "/answer", "/static/app.css", "/login", "/ws/echo")
    }
    assert {answer.status for answer in answers.values()} == {503}
    assert {answer.header("retry-after") for answer in answers.values()} == {"120"}
    assert {answer.json()["error"] for answer in answers.values()} == {"Down for maintenance"}
    assert web.ask("/answer", "POST", body=b"x").status == 503
    assert len(web.reached) == before
    assert web.ask("/answer", source="127.0.0.7").status == 200
    assert web.ask("/health").status == 200
    assert maintenance(web, "off") == "maintenance is off\n"
    assert web.ask("/answer").status == 200
