"""Who guesses or attacks is shut out; everybody else is not."""

from __future__ import annotations

import contextlib
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

import paramiko
import pytest

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once
from tests.support.client import Server
from tests.support.suites import number
from tests.support.visitors import NETWORK, _ip

pytestmark = once

FAILURES, HOSTILE = 5, 20  # as the settings are by default
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
    with contextlib.suppress(ConnectionRefusedError):
        guess(box, stranger)
    assert banned(box, 22, stranger)
    assert knock(box, 443, stranger), "a ban for SSH shuts the website"
    assert knock(box, 22)
    assert stranger in box.ssh("fail2ban-client status sshd")


def test_HOST_03_addresses_of_the_settings_are_never_shut_out(
    box: Host, visitor: Callable[[], str]
) -> None:
    """Nobody has logged in from there: what is known of an address by that excuses it, too."""
    listed = visitor()
    for _ in range(FAILURES + 1):
        guess(box, listed)
    assert not banned_within(box, 5, source=listed)
    try:
        box.ssh(
            f"for jail in sshd ssh-keys; do fail2ban-client set $jail delignoreip {NETWORK}; done"
        )
        with contextlib.suppress(ConnectionRefusedError):
            for _ in range(FAILURES):
                guess(box, listed)
        assert banned(box, 22, listed), "it would be, were it not for bans.ignore"
    finally:
        box.ssh(
            f"for jail in sshd ssh-keys; do fail2ban-client set $jail addignoreip {NETWORK}; done;"
            f" fail2ban-client unban {listed}"
        )


def banned_within(box: Host, seconds: float, port: int = 22, source: str = "") -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not knock(box, port, source):
            return True
        time.sleep(0.5)
    return False


def answers(box: Host, head: str, times: int, source: str) -> Counter[bytes]:
    """Statuses of so many equal requests on one connection."""
    server, found = Server(DOMAIN, box.ip), Counter[bytes]()
    more, last = f"{head}\r\n", f"{head}Connection: close\r\n\r\n"
    got = server.raw((more * (times - 1) + last).encode(), source=source, timeout=30)
    found.update(line[9:12] for line in got.splitlines() if line.startswith(b"HTTP/1.1"))
    return found


PAGE = f"GET /version HTTP/1.1\r\nHost: {DOMAIN}\r\n"


@pytest.mark.parametrize("marks", ["", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: image\r\n"])
def test_SEC_04_a_page_of_another_site_bans_nobody(box: Host, stranger: str, marks: str) -> None:
    """What its images ask for is refused, and no reason to shut out a visitor or an office."""
    refused = answers(box, PAGE + marks, 900, stranger)[b"429"]
    assert refused >= 420
    assert not banned_within(box, 4, 443, stranger)
    assert answers(box, PAGE + marks, 60, stranger)[b"429"] >= 40, "it is refused no more"


HOSTILE_REQUEST = (
    f"POST /version HTTP/1.1\r\nHost: {DOMAIN}\r\n{{}}Content-Length: 4\r\n"
    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
).format


def test_HOST_03_who_attacks_the_web_is_shut_out_of_it(box: Host, stranger: str) -> None:
    attack(box, stranger)
    assert banned(box, 443, stranger)
    assert not knock(box, 80, stranger)
    assert knock(box, 22, stranger), "a ban for the web shuts SSH"
    assert knock(box, 443)


def test_SEC_04_a_proxy_is_never_shut_out(box: Host, stranger: str) -> None:
    """A CDN whose networks nobody has set: an attacker is one of many behind it."""
    attack(box, stranger, "X-Forwarded-For: 203.0.113.{}\r\n")
    assert not banned_within(box, 4, 443, stranger)


def test_SEC_04_an_office_with_an_administrator_in_it_is_not_shut_out(
    box: Host, stranger: str
) -> None:
    """An address that many share is known where somebody of it logs in: one bad machine there."""
    box.ssh(f"touch /run/readyhost-known/{stranger}")
    try:
        attack(box, stranger)
        assert not banned_within(box, 4, 443, stranger)
    finally:
        box.ssh(f"rm /run/readyhost-known/{stranger}")


def attack(box: Host, source: str, header: str = "") -> None:
    server = Server(DOMAIN, box.ip)
    for last in range(HOSTILE + 2):
        with contextlib.suppress(OSError):  # shut out already
            server.raw(HOSTILE_REQUEST(header.format(last)).encode(), source=source)


def test_HOST_03_nobody_gets_another_address_banned(box: Host, stranger: str) -> None:
    line = (
        '"time":"2026-01-01T00:00:00+00:00","request_id":"00","client":"{}","host":"x",'
        '"method":"GET","path":"/","protocol":"{}","tls":"","through":"","hostile":"{}","status":400'
    )
    forged = f'\\"request_id\\":\\"0\\",\\"client\\":\\"{stranger}\\",\\"hostile\\":\\"1\\",'
    for protocol, hostile, found in (
        ("HTTP/1.1", "1", "203.0.113.9"),
        ("HTTP/1.1", "", ""),
        (forged, "", ""),
    ):
        text = "{" + line.format("203.0.113.9", protocol, hostile) + "}"
        box.ssh("cat >/run/line", stdin=f"{text}\n")  # a line without its end is not read
        assert box.run("fail2ban-regex -o ip /run/line nginx-hostile").stdout.strip() == found
    box.ssh("rm /run/line")
