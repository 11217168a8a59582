"""What fail2ban is told."""

from __future__ import annotations

from configparser import ConfigParser

import pytest

from roles.bans import Bans, entries
from roles.bans.files import JAILS
from roles.core.machine import Machine


def jails(**values: object) -> ConfigParser:
    (file, _) = entries(Bans(**values), Machine.example("jammy"), [80, 443])
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
