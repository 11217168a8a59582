"""What holds for IPv4 holds for IPv6: asked over it."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.support.client import Server
from tests.support.visitors import BRIDGE, _ip

from .asked import logged

pytestmark = once_at_all

NETWORK = f"2001:db8:{os.getpid() & 0xFFFF:x}"  # for documentation (RFC 3849)
BOX, MINE = f"{NETWORK}:1::2", f"{NETWORK}:1::1"
CUSTOMER = [f"{NETWORK}:2::{number:x}" for number in range(1, 7)]
NEIGHBOUR = f"{NETWORK}:3::1"


@pytest.fixture(scope="module")
def six(box: Host) -> Iterator[Server]:
    """The box at an IPv6 address of its own, and clients with several."""
    with ExitStack() as stack:
        for address in (MINE, *CUSTOMER, NEIGHBOUR):
            _ip("-6", "address", "add", f"{address}/48", "dev", BRIDGE, "nodad")
            stack.callback(_ip, "-6", "address", "del", f"{address}/48", "dev", BRIDGE)
        box.ssh(f"ip -6 address add {BOX}/48 dev eth0 nodad")
        stack.callback(box.ssh, f"ip -6 address del {BOX}/48 dev eth0")
        yield Server(DOMAIN, BOX)


def test_WEB_02_pages_come_over_ipv6(box: Host, six: Server) -> None:
    answer = six.ask("/version", source=MINE)
    assert answer.status == 200
    assert logged(box, answer.header("x-request-id"))[0]["client"] == MINE
    plain = six.ask("/a", tls=False, source=MINE)
    assert (plain.status, plain.header("location")) == (301, f"https://{DOMAIN}/a")


def test_HOST_02_ssh_answers_over_ipv6_and_nothing_else(six: Server) -> None:
    with socket.create_connection((BOX, 22), 5) as connection:
        assert connection.recv(20).startswith(b"SSH-2.0")
    for port in (5432, 6379, 6432, 8080):
        with pytest.raises(OSError, match=r"timed out|refused"):
            socket.create_connection((BOX, port), 1)


def test_WEB_04_a_customer_is_a_64_over_ipv6(six: Server) -> None:
    kind = {"Content-Type": "application/json"}
    guess = json.dumps({"email": "a@example.com", "password": "not the password"}).encode()

    def login(source: str) -> int:
        return six.ask("/login", "POST", headers=kind, body=guess, source=source).status

    assert [login(source) == 429 for source in CUSTOMER] == [False] * 5 + [True]
    assert login(NEIGHBOUR) != 429


def test_unknown_names_learn_nothing_over_ipv6(six: Server) -> None:
    assert six.raw(f"GET / HTTP/1.1\r\nHost: [{BOX}]\r\n\r\n".encode(), tls=False) == b""
