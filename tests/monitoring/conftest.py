"""One host that measures itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.host.conftest import Host, values
from tests.support.provider import certificates, shown
from tests.support.suites import suites
from vagrant.driver import Box
from vagrant.example import repository

from .elsewhere import AUTHORITIES, Elsewhere
from .receiver import NAME, SET_UP, Receiver

ON = {"READYHOST_MONITORING__MODE": "local", "READYHOST_MONITORING__ROUTES": '["/slow"]'}


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Converged twice. Its values go on saying that it measures itself."""
    suite = suites()[-1]
    source = repository("fastapi", tmp_path_factory.mktemp("source") / "fastapi")
    host = Host.boot(f"monitoring-{suite}", suite, {**values(source), **ON})
    try:
        host.first_run = host.converge().stdout
        host.second_run = host.converge().stdout
        yield host
    finally:
        host.destroy()


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    folder = tmp_path_factory.mktemp("authorities")
    subprocess.run(["sh", "-ec", AUTHORITIES], cwd=folder, check=True, capture_output=True)
    box = Box.boot("keeper", suites()[-1])
    try:
        box.ssh(
            "export DEBIAN_FRONTEND=noninteractive; apt-get -qq update &&"
            " apt-get -qq install -y --no-install-recommends prometheus curl >/dev/null",
            timeout=300,
        )
        yield Elsewhere(box, folder)
    finally:
        box.destroy()


@pytest.fixture(scope="session")
def receiver(box: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    folder = tmp_path_factory.mktemp("receiver")
    certificates(folder, NAME)
    shown(folder)
    other = Box.boot("receiver", suites()[-1])
    try:
        for file in ("server.key", "server.pem", "ours.key", "ours.pem"):
            other.ssh(f"umask 077; cat >/root/{file}", stdin=(folder / file).read_text())
        other.ssh(SET_UP, timeout=300)
        box.ssh(f"echo '{other.ip} {NAME}' >>/etc/hosts")
        found = Receiver(other, folder)
        found.demands()
        yield found
    finally:
        other.destroy()
