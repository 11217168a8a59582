"""A machine as it is read from a host."""

from __future__ import annotations

import subprocess

import pytest

from roles.core.errors import OperatorError
from roles.core.machine import PROBE, Machine, parse

PRINTED = """\
distribution ubuntu
codename jammy
pretty Ubuntu 22.04.5 LTS
cores 4
memory 8326676480
memory 2147483648
architecture amd64
container none
ipv6 yes
open_files 524288
ssh_port 2222
ssh_port 22
ssh_port 2222
"""


def test_what_a_host_prints_becomes_a_machine() -> None:
    assert parse(PRINTED.splitlines()) == Machine(
        "ubuntu", "jammy", 4, 2048, "amd64", False, True, 524288, (22, 2222)
    )


def test_a_container_is_known_as_one() -> None:
    assert parse(PRINTED.replace("container none", "container lxc").splitlines()).container


def test_an_unsupported_system_is_refused_in_one_sentence() -> None:
    lines = PRINTED.replace("jammy", "buster").replace("Ubuntu 22.04.5 LTS", "Debian 10")
    with pytest.raises(OperatorError, match="Debian 10, which is not supported; use one of book"):
        parse(lines.splitlines())


def test_the_probe_runs_on_a_machine_that_has_nothing_but_a_shell() -> None:
    printed = subprocess.run(
        ["sh", "-c", PROBE], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    keys = {line.split()[0] for line in printed}
    assert {"distribution", "codename", "cores", "memory", "architecture"} <= keys
