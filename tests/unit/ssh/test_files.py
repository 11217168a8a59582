"""The lines that must be in force, and who may log in."""

from __future__ import annotations

import subprocess

import pytest
from pydantic import ValidationError

from roles.core.machine import Machine
from roles.ssh import Sshd
from roles.ssh.access import as_wanted
from roles.ssh.files import effective, entries


def lines(codename: str = "jammy", user: str = "deploy", **values: object) -> list[str]:
    files = entries(Sshd(**values), Machine.example(codename), user=user, rsa=True)
    return effective(files)


def test_what_sshd_prints_in_its_own_way_is_not_asked_for() -> None:
    words = {line.split()[0] for line in lines("jammy")}
    assert {"PasswordAuthentication", "KexAlgorithms", "MaxAuthTries"} <= words
    assert not words & {"AllowGroups", "DebianBanner", "PubkeyAcceptedKeyTypes"}


@pytest.mark.parametrize(("user", "word"), [("root", "prohibit-password"), ("deploy", "no")])
def test_root_logs_in_only_as_the_operator_and_only_by_key(user: str, word: str) -> None:
    file, _ = entries(Sshd(), Machine.example("jammy"), user=user, rsa=True)
    assert f"PermitRootLogin {word}\n" in file.content  # type: ignore[union-attr]


def test_there_is_always_a_group() -> None:
    with pytest.raises(ValidationError):
        Sshd(groups=())


@pytest.mark.parametrize(
    ("line", "holds"),
    [("ssh-login:x:999:b,a", True), ("ssh-login:x:999:a", False), ("", False)],
)
def test_the_members_are_exactly_those_wanted(line: str, holds: bool) -> None:
    script = f"getent() {{ echo '{line}'; }}; {as_wanted(['a', 'b'])}"
    assert (subprocess.run(["sh", "-c", script], check=False).returncode == 0) == holds
