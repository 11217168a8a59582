"""What a sandbox on a host asks for names, and what stays closed to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.app import egress
from roles.core.host import network


def test_SEC_02_a_sandbox_keeps_its_name_server_alone(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("search x\nnameserver 127.0.0.53\nnameserver fe80::1%eth0\noptions x\n")
    assert network.name_servers(file) == ["127.0.0.53", "fe80::1"]
    assert network.name_servers(tmp_path / "absent") == []


@pytest.mark.parametrize(
    ("told", "upstream", "asked"),
    [
        ("127.0.0.53", "10.0.3.1", "upstream"),
        ("127.0.0.53", "10.0.3.1 fe80::1%eth0", "told"),  # one of the link, which is closed
        ("127.0.0.53", "169.254.169.254", "told"),  # Google's keys are at its name server's
        ("127.0.0.53", "168.63.129.16", "told"),  # Azure's
        ("127.0.0.53", "127.0.0.1", "told"),
        ("127.0.0.53", "", "told"),
        ("10.0.3.1", "10.0.3.1", "told"),
    ],
)
def test_SEC_08_a_sandbox_asks_the_network_where_the_host_asks_itself(
    tmp_path: Path, told: str, upstream: str, asked: str
) -> None:
    files = {"told": told, "upstream": upstream}
    for name, servers in files.items():
        (tmp_path / name).write_text("".join(f"nameserver {one}\n" for one in servers.split()))
    assert network.resolver(tmp_path / "told", tmp_path / "upstream").name == asked


def test_SEC_06_no_sandbox_lacks_an_address_of_keys_that_another_has() -> None:
    assert set(network.METADATA) <= set(network.CLOSED)
    assert {str(each) for each in egress.LINK_LOCAL} == set(network.METADATA)
    assert {"168.63.129.16/32", "fd20:ce::254/128"} <= set(network.METADATA)
