"""Which algorithms a release's OpenSSH is told to use."""

from __future__ import annotations

import pytest
from paramiko import Transport

from roles.core.machine import SUPPORTED, Machine
from roles.ssh.algorithms import OPENSSH, algorithms

WEAK = ("sha1", "-cbc", "chacha20", "umac-64", "nistp", "ssh-rsa", "ssh-dss", "group14", "group1-")


@pytest.mark.parametrize("codename", SUPPORTED)
def test_nothing_weak_is_offered_and_the_operators_client_finds_its_own(codename: str) -> None:
    found = algorithms(Machine.example(codename), rsa=True)
    offered = [*found.exchanges, *found.ciphers, *found.macs, *found.host_keys]
    assert not [name for name in offered for weak in WEAK if weak in name]
    client = vars(Transport)
    assert set(found.exchanges) & set(client["_preferred_kex"])
    assert set(found.ciphers) & set(client["_preferred_ciphers"])
    assert set(found.macs) & set(client["_preferred_macs"])
    assert set(found.host_keys) & set(client["_preferred_keys"])


@pytest.mark.parametrize("codename", SUPPORTED)
def test_post_quantum_exchanges_come_first_where_the_server_has_them(codename: str) -> None:
    first = algorithms(Machine.example(codename), rsa=True).exchanges[0]
    if OPENSSH[codename] >= (9, 9):
        assert first.startswith("mlkem768")
    elif OPENSSH[codename] >= (8, 5):
        assert first.startswith("sntrup761")
    else:
        assert first.startswith("curve25519")


def test_a_short_rsa_key_is_not_shown() -> None:
    machine = Machine.example("jammy")
    assert algorithms(machine, rsa=False).host_keys == ("ssh-ed25519",)
    assert "rsa-sha2-512" in algorithms(machine, rsa=True).host_keys
