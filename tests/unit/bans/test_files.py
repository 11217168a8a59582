"""What fail2ban is told."""

from __future__ import annotations

import re
from configparser import ConfigParser

import pytest

from roles.bans import Bans
from roles.bans.files import JAILS, entries
from roles.core.machine import Machine


def jails(**values: object) -> ConfigParser:
    file = entries(Bans(**values), Machine.example("jammy"), [80, 443], 10)[0]
    parser = ConfigParser(interpolation=None)
    parser.read_string(file.data.decode())  # type: ignore[union-attr]
    return parser


def test_each_jail_that_is_asked_for_an_answer_is_on() -> None:
    parser = jails()
    assert set(parser.sections()) == set(JAILS)
    assert all(parser.getboolean(jail, "enabled") for jail in JAILS)


@pytest.mark.parametrize(
    ("networks", "line"),
    [([], "127.0.0.0/8 ::1"), (["192.0.2.0/24"], "127.0.0.0/8 ::1 192.0.2.0/24")],
)
def test_networks_of_the_settings_come_after_the_host_itself(
    networks: list[str], line: str
) -> None:
    assert jails(ignore=networks)["DEFAULT"]["ignoreip"] == line


def test_HOST_07_a_ban_from_ssh_leaves_the_web_open_and_the_reverse() -> None:
    parser = jails()
    assert 'port="22"' in parser["sshd"]["action"] and 'port="22"' in parser["ssh-keys"]["action"]
    assert 'port="80,443"' in parser["nginx-hostile"]["action"]
    assert not any(name.startswith("banaction") for jail in JAILS for name in parser[jail])


PATTERNS = {
    "ssh-failed": [
        ("Connection closed by invalid user bob 192.0.2.1 port 7 [preauth]", "192.0.2.1"),
        (
            "Connection reset by authenticating user root 2001:db8::1 port 7 [preauth]",
            "2001:db8::1",
        ),
        (
            "Disconnecting authenticating user root 192.0.2.1 port 7:"
            " Too many authentication failures [preauth]",
            "192.0.2.1",
        ),
        # A name that looks like an address is a name.
        (
            "Disconnected from invalid user x 203.0.113.9 port 5 [preauth] 192.0.2.1 port 7",
            "192.0.2.1",
        ),
        (
            "Disconnecting invalid user a 192.0.2.1 port 7: Change of username or service not"
            " allowed: (a,ssh-connection) -> (x 203.0.113.9 port 5,ssh-connection) [preauth]",
            "192.0.2.1",
        ),
        # Nobody tried a name: ssh-keyscan, a probe, a client with other algorithms, an end.
        ("Connection closed by 192.0.2.1 port 7 [preauth]", ""),
        ("Connection reset by 192.0.2.1 port 7 [preauth]", ""),
        ("Unable to negotiate with 192.0.2.1 port 7: no matching host key type found.", ""),
        ("kex_exchange_identification: Connection closed by remote host", ""),
        ("Disconnected from user bob 192.0.2.1 port 7", ""),
        ("Received disconnect from 192.0.2.1 port 7:11: disconnected by user", ""),
    ],
    "ssh-keys": [
        ("Failed publickey for root from 192.0.2.1 port 7 ssh2: ED25519 SHA256:x/y+z", "192.0.2.1"),
        (
            "Failed publickey for invalid user x from 203.0.113.9 port 5 ssh2 from 192.0.2.1 port 7"
            " ssh2: RSA SHA256:x",
            "192.0.2.1",
        ),
        ("Failed none for invalid user x from 192.0.2.1 port 7 ssh2", ""),
    ],
    "ssh-known": [
        ("Accepted publickey for bob from 192.0.2.1 port 7 ssh2: ED25519 SHA256:x", "192.0.2.1"),
        ("Accepted key ED25519 SHA256:x found at /home/bob/.ssh/authorized_keys:1", ""),
        ("Postponed publickey for bob from 192.0.2.1 port 7 ssh2 [preauth]", ""),
    ],
}


@pytest.mark.parametrize(
    ("name", "line", "found"),
    [(name, line, found) for name, lines in PATTERNS.items() for line, found in lines],
)
def test_HOST_07_only_a_failed_login_is_one(name: str, line: str, found: str) -> None:
    files = entries(Bans(), Machine.example("jammy"), [80, 443], 10)
    (file,) = (
        file for file in files if file.path.endswith(f"/{name}.conf") and "filter" in file.path
    )
    text = file.data.decode().partition("failregex = ")[2].partition("ignoreregex")[0]  # type: ignore[union-attr]
    address = r"(?P<address>[0-9a-f:.]*[0-9a-f])"
    matches = [
        re.search(pattern.strip().replace("<ADDR>", address), line) for pattern in text.splitlines()
    ]
    assert next((match["address"] for match in matches if match), "") == found
