"""Who gets in by SSH, and by what: asked by knocking."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko
import pytest

from tests.host.conftest import Host
from tests.host.stages import once
from vagrant.driver import ROOT
from vagrant.running import work

STRANGER = "stranger"
PARAMIKO_NEEDS = {"curve25519-sha256", "curve25519-sha256@libssh.org"}


@contextmanager
def transport(box: Host) -> Iterator[paramiko.Transport]:
    with paramiko.Transport((box.ip, 22)) as client:
        client.start_client(timeout=10)
        yield client


def key(box: Host) -> paramiko.PKey:
    return paramiko.PKey.from_path(box.key)


def gets_in(box: Host, user: str) -> bool:
    """Whether `user` gets in with the key that the operator's account accepts."""
    with transport(box) as client:
        try:
            client.auth_publickey(user, key(box))
        except paramiko.AuthenticationException:
            return False
        return client.is_authenticated()


@pytest.fixture
def stranger(box: Host) -> Iterator[str]:
    """An account with a password and a key, that nobody named in the settings."""
    box.ssh(
        f"useradd -m -s /bin/sh {STRANGER}; echo {STRANGER}:kuh-4711-wiese | chpasswd;"
        f" install -d -m 700 -o {STRANGER} ~{STRANGER}/.ssh;"
        f" install -m 600 -o {STRANGER} ~vagrant/.ssh/authorized_keys ~{STRANGER}/.ssh/"
    )
    yield STRANGER
    # user-runtime-dir@ fails if its user is gone before it ends.
    box.ssh(
        f"uid=$(id -u {STRANGER}); systemctl stop user@$uid user-runtime-dir@$uid;"
        f" userdel -f -r {STRANGER} 2>/dev/null; ! getent passwd {STRANGER}"
    )


def test_HOST_03_no_way_in_but_a_key(box: Host, stranger: str) -> None:
    box.ssh(f"gpasswd -a {stranger} ssh-login")
    with transport(box) as client:
        with pytest.raises(paramiko.BadAuthenticationType) as refused:
            client.auth_password(stranger, "kuh-4711-wiese", fallback=False)
        assert refused.value.allowed_types == ["publickey"]
    assert gets_in(box, stranger)


def test_HOST_03_accounts_that_nobody_named_stay_out(box: Host, stranger: str) -> None:
    assert gets_in(box, "vagrant")
    assert not gets_in(box, stranger)


def test_HOST_03_root_stays_out_with_a_good_key_too(box: Host) -> None:
    box.ssh("mkdir -p -m 700 /root/.ssh; cp ~vagrant/.ssh/authorized_keys /root/.ssh/")
    try:
        assert not gets_in(box, "root")
    finally:
        box.ssh("rm /root/.ssh/authorized_keys")


def test_HOST_03_a_client_that_tries_key_after_key_is_sent_away(box: Host) -> None:
    tries = 0
    with transport(box) as client, pytest.raises((paramiko.SSHException, EOFError, OSError)):
        for _ in range(10):
            try:
                client.auth_publickey("vagrant", paramiko.RSAKey.generate(2048))
            except paramiko.AuthenticationException:
                tries += 1
                if not client.is_active():
                    raise
    assert tries <= 6


def test_HOST_03_ssh_audit_finds_nothing_but_what_paramiko_needs(box: Host) -> None:
    told = subprocess.run(
        [str(ROOT / ".venv" / "bin" / "ssh-audit"), "-j", "--skip-rate-test", box.ip],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    report = json.loads(told.stdout)
    exchanges = [entry["algorithm"] for entry in report["kex"] if "kex-strict" not in str(entry)]
    kinds = ("kex", "key", "enc", "mac")
    judged = [(kind, entry) for kind in kinds for entry in report[kind]]
    assert len(judged) >= 8
    assert [entry["algorithm"] for _, entry in judged if "fail" in entry.get("notes", {})] == []
    warned = {entry["algorithm"] for _, entry in judged if "warn" in entry.get("notes", {})}
    assert warned <= PARAMIKO_NEEDS
    assert exchanges[0].startswith(("sntrup761", "mlkem768"))


@once
def test_HOST_03_a_member_by_hand_is_out_after_the_next_run(box: Host, stranger: str) -> None:
    box.ssh(f"gpasswd -a {stranger} ssh-login")
    assert gets_in(box, stranger)
    done = work(box.converge().stdout)
    assert done == {
        "SSH | accounts that may log in": 1,
        "SSH | confirmed over a new connection": 1,
    }
    assert not gets_in(box, stranger)


@once
def test_HOST_03_what_another_file_sets_before_is_refused(box: Host) -> None:
    first = "/etc/ssh/sshd_config.d/00-aaa.conf"
    box.ssh(f"echo 'PasswordAuthentication yes' > {first}")
    values = {"READYHOST_SSHD__LOGIN_GRACE_SECONDS": "31"}
    try:
        result = box.pyinfra("-y", check=False, values=values)
        assert result.returncode != 0
        assert "sets it first: PasswordAuthentication no" in result.stdout
    finally:
        box.ssh(f"rm {first}")
    assert "31" not in box.ssh("sshd -T | grep logingracetime")
    box.converge()


@once
def test_HOST_03_an_unknown_account_is_named(box: Host, tmp_path: Path) -> None:
    result = box.pyinfra("-y", check=False, values={"READYHOST_SSHD__USERS": '["ghost"]'})
    assert result.returncode != 0
    assert "this host has no account ghost" in result.stdout
    box.converge()
