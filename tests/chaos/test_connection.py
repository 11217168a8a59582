"""A host that can't be reached or used: one clear line, an honest exit status, nothing done."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.project import deploy, environment, know
from vagrant.driver import Box


@pytest.fixture
def other_key(tmp_path: Path) -> Path:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    return key


def told(project: Path, *words: str) -> str:
    """The run fails, and exactly one line has all of `words`."""
    result = deploy(project)
    assert result.returncode not in (0, None), result.stdout
    lines = [line for line in result.stdout.splitlines() if all(word in line for word in words)]
    assert len(lines) == 1, result.stdout
    assert "Traceback" not in result.stdout
    assert "Starting operation" not in result.stdout
    return lines[0]


def test_a_wrong_ssh_key(project: Path, bare: Box, source: Path, other_key: Path) -> None:
    environment(
        project, hosts=[bare.ip], user="vagrant", key=str(other_key), repository=str(source)
    )
    told(project, f"[{bare.ip}]", "uthentication")


def test_an_unknown_host_key(project: Path, bare: Box) -> None:
    know(project, bare.ip)
    hosts = project / "inventories" / "prod.known_hosts"
    hosts.write_text(hosts.read_text().replace(bare.ip, "192.0.2.1"))
    told(project, f"[{bare.ip}]", "No host key")


def test_a_changed_host_key(project: Path, bare: Box, other_key: Path) -> None:
    kind, public, *_ = other_key.with_suffix(".pub").read_text().split()
    hosts = project / "inventories" / "prod.known_hosts"
    hosts.write_text(f"{bare.ip} {kind} {public}\n")
    told(project, f"[{bare.ip}]", "does not match")


def test_a_host_that_is_down(project: Path, bare: Box, source: Path) -> None:
    environment(project, hosts=["10.0.3.1"], user="vagrant", key=bare.key, repository=str(source))
    values = project / "inventories" / "prod.toml"
    values.write_text(values.read_text().replace("[ssh]", "[ssh]\nport = 9"))
    told(project, "[10.0.3.1]", "onnect")


def test_a_user_who_may_not_use_sudo(project: Path, bare: Box, source: Path) -> None:
    bare.ssh(
        "id plain 2>/dev/null || useradd -m -s /bin/sh plain;"
        " install -d -o plain -m 700 ~plain/.ssh;"
        " install -o plain -m 600 ~vagrant/.ssh/authorized_keys ~plain/.ssh/authorized_keys"
    )
    environment(project, hosts=[bare.ip], user="plain", key=bare.key, repository=str(source))
    told(project, f"[{bare.ip}]", "may not use sudo")
