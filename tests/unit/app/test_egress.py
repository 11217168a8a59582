"""Which addresses a process' packets may go to, as systemd is told."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from roles.app.egress import LINK_LOCAL, rules


def test_SEC_06_by_default_only_the_clouds_own_addresses_are_shut() -> None:
    allow, deny = rules(None, LINK_LOCAL)
    assert allow == ""
    shut = [ip_network(word) for word in deny.split()]
    for address in ("169.254.169.254", "fe80::1", "fd00:ec2::254", "100.100.100.200"):
        assert any(ip_address(address) in network for network in shut), address
    for address in ("127.0.0.1", "10.0.0.1", "198.51.100.1", "::1", "fd00::1"):
        assert not any(ip_address(address) in network for network in shut), address


def test_SEC_06_an_allow_list_leaves_the_host_itself_and_what_is_on_it() -> None:
    assert rules((), LINK_LOCAL) == ("localhost", "any")
    wanted = (ip_network("203.0.113.25/32"), ip_network("2001:db8::/32"))
    assert rules(wanted, LINK_LOCAL) == ("localhost 203.0.113.25/32 2001:db8::/32", "any")


def test_SEC_06_a_wide_list_has_holes_and_a_named_address_is_meant() -> None:
    allow, _ = rules((ip_network("0.0.0.0/0"), ip_network("::/0")), LINK_LOCAL)
    open_to = [ip_network(word) for word in allow.split()[1:]]
    for address in ("169.254.169.254", "100.100.100.200", "fe80::1", "fd00:ec2::254"):
        assert not any(ip_address(address) in network for network in open_to), address
    for address in ("169.253.255.255", "169.255.0.1", "8.8.8.8", "2001:db8::1"):
        assert any(ip_address(address) in network for network in open_to), address
    named = rules((ip_network("169.254.1.2/32"),), LINK_LOCAL)
    assert named == ("localhost 169.254.1.2/32", "any")
