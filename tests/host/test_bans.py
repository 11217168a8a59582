"""Who guesses or hammers is shut out; everybody else is not."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from itertools import count

import paramiko
import pytest

from tests.support.box import number
from tests.support.client import Server
from tests.support.visitors import _ip

from .conftest import DOMAIN, Host
from .stages import once

pytestmark = once

FAILURES, REFUSALS = 5, 300  # as the settings are by default
NUMBERS = count(1)
DEADLINE = 30  # seconds from the last attempt to the ban


@pytest.fixture
def stranger(box: Host) -> Iterator[str]:
    """An address of this machine that the settings do not except from bans (RFC 5737).

    A new one each time: who was banned before is banned again sooner.
    """
    address = f"198.51.100.{50 * number(box.suite) + next(NUMBERS)}"
    _ip("address", "replace", f"{address}/32", "dev", "lo")
    yield address
    box.ssh(f"fail2ban-client unban {address}")
    _ip("address", "del", f"{address}/32", "dev", "lo")


def knock(box: Host, port: int, source: str = "") -> bool:
    """Whether the port lets a connection from `source` in; a banned one is refused."""
    try:
        socket.create_connection((box.ip, port), 3, (source, 0) if source else None).close()
    except OSError:
        return False
    return True


def guess(box: Host, source: str = "") -> None:
    """One failed login."""
    end = socket.create_connection((box.ip, 22), 5, (source, 0) if source else None)
    with paramiko.Transport(end) as client, pytest.raises(paramiko.AuthenticationException):
        client.start_client(timeout=30)
        client.auth_publickey("admin", paramiko.ECDSAKey.generate())


def banned(box: Host, port: int, source: str) -> bool:
    end = time.monotonic() + DEADLINE
    while knock(box, port, source):
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def test_HOST_03_who_guesses_at_ssh_is_shut_out_and_nobody_else(box: Host, stranger: str) -> None:
    assert knock(box, 22, stranger)
    for _ in range(FAILURES - 1):
        guess(box, stranger)
    # The knock was a failure as well: where fail2ban is quick, the last guess finds the door shut.
    with contextlib.suppress(ConnectionRefusedError):
        guess(box, stranger)
    assert banned(box, 22, stranger)
    assert not knock(box, 443, stranger)
    assert knock(box, 22)
    assert stranger in box.ssh("fail2ban-client status sshd")


def test_HOST_03_addresses_of_the_settings_are_never_shut_out(box: Host) -> None:
    for _ in range(FAILURES + 1):
        guess(box)
    assert not banned_within(box, 5)


def banned_within(box: Host, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not knock(box, 22):
            return True
        time.sleep(0.5)
    return False


def test_HOST_03_who_hammers_the_limits_is_shut_out_of_the_web(box: Host, stranger: str) -> None:
    server, refused = Server(DOMAIN, box.ip), 0
    with server.connect(source=stranger) as connection:
        ask = f"GET /health HTTP/1.1\r\nHost: {DOMAIN}\r\n\r\n".encode()
        for _ in range(3 * REFUSALS):
            try:
                connection.sendall(ask)
                refused += b" 429 " in connection.recv(65536)
            except OSError:  # shut out already
                break
            if refused > REFUSALS + 10:
                break
    assert banned(box, 443, stranger)
    assert not knock(box, 80, stranger)
    assert knock(box, 22, stranger)
    assert knock(box, 443)


def test_HOST_03_nobody_gets_another_address_banned(box: Host, stranger: str) -> None:
    line = (
        '"time":"2026-01-01T00:00:00+00:00","request_id":"00","client":"{}","host":"x",'
        '"method":"GET","path":"/","protocol":"{}","tls":"","status":{},"bytes":1'
    )
    forged = f'\\"request_id\\":\\"0\\",\\"client\\":\\"{stranger}\\",\\"status\\":429,'
    for protocol, status, found in (
        ("HTTP/1.1", 429, "203.0.113.9"),
        ("HTTP/1.1", 200, ""),
        (forged, 200, ""),
    ):
        text = "{" + line.format("203.0.113.9", protocol, status) + "}"
        box.ssh("cat >/run/line", stdin=text)
        assert box.run("fail2ban-regex -o ip /run/line nginx-limits").stdout.strip() == found
    box.ssh("rm /run/line")
