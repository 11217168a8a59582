"""Which names are answered, and by what protocol."""

from __future__ import annotations

from tests.host.conftest import DOMAIN, Host
from tests.support.client import Server


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
