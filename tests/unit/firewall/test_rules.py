"""Who comes in: the exceptions, and that the operator is always one."""

import subprocess

import pytest
from pydantic import ValidationError

from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.firewall import Firewall
from roles.firewall.files import entries
from roles.firewall.rules import Rule, refuse_lockout, rules


def test_by_default_it_is_ssh_and_the_web_on_both_protocols() -> None:
    expected = [Rule(22, "tcp"), Rule(80, "tcp"), Rule(443, "tcp")]
    for version in (4, 6):
        assert rules(Firewall(), Machine.example(), version) == expected


def test_ssh_is_open_on_every_port_that_it_is_on() -> None:
    found = rules(Firewall(), Machine.example(ssh_ports=(22, 2222)), 4)
    assert found[:2] == [Rule(22, "tcp"), Rule(2222, "tcp")]


def test_networks_are_let_in_by_their_own_protocol_only() -> None:
    settings = Firewall.model_validate(
        {
            "web_ports": [],
            "ssh_sources": ["192.0.2.0/24", "2001:db8::/32"],
            "allow": [{"port": 5432, "sources": ["198.51.100.7/32"]}],
        }
    )
    assert rules(settings, Machine.example(), 4) == [
        Rule(22, "tcp", "192.0.2.0/24"),
        Rule(5432, "tcp", "198.51.100.7/32"),
    ]
    # Nobody was named for IPv6 on 5432, which is not the same as everybody.
    assert rules(settings, Machine.example(), 6) == [Rule(22, "tcp", "2001:db8::/32")]


def test_a_port_that_is_named_twice_is_one_rule() -> None:
    settings = Firewall.model_validate({"allow": [{"port": 443}, {"port": 22}]})
    assert len(rules(settings, Machine.example(), 4)) == 3


@pytest.mark.parametrize(
    "client", ["192.0.2.9", "2001:db8::9", "::ffff:192.0.2.9", "", "2001:db8::9%eth0"]
)
def test_an_operator_in_the_sources_may_go_on(client: str) -> None:
    settings = Firewall.model_validate({"ssh_sources": ["192.0.2.0/24", "2001:db8::/32"]})
    refuse_lockout(settings, client)


@pytest.mark.parametrize("client", ["192.0.3.9", "2001:db9::9", "fe80::1%eth0"])
def test_an_operator_outside_of_the_sources_is_stopped(client: str) -> None:
    settings = Firewall.model_validate({"ssh_sources": ["192.0.2.0/24", "2001:db8::/32"]})
    with pytest.raises(OperatorError, match="leaves out"):
        refuse_lockout(settings, client)


def test_without_sources_everybody_may_come() -> None:
    refuse_lockout(Firewall(), "203.0.113.9")


@pytest.mark.parametrize(
    "values",
    [
        {"web_ports": [0]},
        {"web_ports": [65536]},
        {"allow": [{"port": 53, "protocol": "icmp"}]},
        {"allow": [{"port": 53, "sources": ["192.0.2.1/24"]}]},
        {"ssh_sources": ["everybody"]},
        {"ssh_per_minute": 0},
    ],
)
def test_a_wrong_value_is_refused(values: dict) -> None:
    with pytest.raises(ValidationError):
        Firewall.model_validate(values)


@pytest.mark.parametrize("logging", ["low", "off"])
@pytest.mark.parametrize("name", ["before.rules", "user.rules", "before6.rules", "user6.rules"])
def test_the_kernel_reads_the_rules(name: str, logging: str) -> None:
    settings = Firewall.model_validate({"logging": logging, "ssh_sources": ["192.0.2.0/24"]})
    found = {entry.path: entry for entry in entries(settings, Machine.example())}
    file = found[f"/etc/ufw/{name}"]
    assert isinstance(file, File)
    family = "ip6tables" if "6" in name else "iptables"
    text = file.data.decode().replace("*filter\n", "*filter\n" + _chains(family), 1)
    result = subprocess.run(
        # in a network of its own, where everybody is root
        ["unshare", "--map-root-user", "--net", f"{family}-restore", "--test", "--noflush"],
        input=text, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


def _chains(family: str) -> str:
    """Chains that ufw makes before it reads its files."""
    prefix = "ufw6" if family == "ip6tables" else "ufw"
    return f":{prefix}-logging-deny - [0:0]\n"
