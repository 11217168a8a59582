"""A host never shuts out who may get in: real clients, from addresses with no exception."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.test_run_lock import under_way
from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.support.client import Server
from tests.support.visitors import BRIDGE, _ip
from vagrant.driver import ROOT
from vagrant.running import changes

from .test_bans import FAILURES, banned, banned_within, guess, knock, stranger

__all__ = ["stranger"]

pytestmark = once_at_all

SOON = 45  # seconds in which a run tells that its connection is cut; 25 on a machine with time


def login(box: Host, source: str, *options: str, environment: dict[str, str] | None = None) -> int:
    """The exit status of `ssh` from `source`: 0 after a login."""
    command = [
        "ssh", "-F", "none", "-b", source, "-o", "BatchMode=yes", "-o", "ConnectTimeout=5",
        "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no", *options,
        f"vagrant@{box.ip}", "true",
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, env=environment, check=False).returncode


@contextmanager
def agent(keys: list[Path]) -> Iterator[dict[str, str]]:
    """The environment of a client whose agent has these keys, in this order."""
    started = subprocess.run(["ssh-agent", "-s"], check=True, capture_output=True, text=True)
    words = dict(
        part.split("=", 1) for part in started.stdout.replace(";", "\n").split() if "=" in part
    )
    environment = {"PATH": "/usr/bin:/bin", "SSH_AUTH_SOCK": words["SSH_AUTH_SOCK"]}
    try:
        for key in keys:
            subprocess.run(
                ["ssh-add", "-q", str(key)], check=True, env=environment, capture_output=True
            )
        yield environment
    finally:
        subprocess.run(
            ["ssh-agent", "-k"],
            env={**environment, "SSH_AGENT_PID": words["SSH_AGENT_PID"]},
            capture_output=True,
            check=False,
        )


@pytest.fixture
def others(tmp_path: Path) -> list[Path]:
    """Five keys that open nothing."""
    made = [tmp_path / f"key{number}" for number in range(5)]
    for key in made:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    return made


def test_HOST_07_an_agent_with_five_other_keys_gets_in(
    box: Host, stranger: str, others: list[Path]
) -> None:
    with agent([*others, Path(box.key)]) as environment:
        for _ in range(3):
            assert login(box, stranger, environment=environment) == 0
    assert not banned_within(box, 3, 22, stranger)


def test_HOST_07_whose_agent_has_no_right_key_has_failed_once(
    box: Host, stranger: str, others: list[Path]
) -> None:
    with agent(others) as environment:
        for _ in range(FAILURES - 2):
            assert login(box, stranger, environment=environment) == 255
    assert not banned_within(box, 3, 22, stranger)


def test_HOST_07_an_office_of_which_one_gets_in_is_not_shut_out(box: Host, stranger: str) -> None:
    assert login(box, stranger, "-i", box.key) == 0
    end = time.monotonic() + 10
    while not box.ssh(f"ls /run/readyhost-known | grep -xF {stranger} || true"):
        assert time.monotonic() < end, "fail2ban did not see the login"
        time.sleep(0.2)
    for _ in range(2 * FAILURES):
        guess(box, stranger)
    assert not banned_within(box, 4, 22, stranger)
    # Who is known is told what a setting closes; nobody else is.
    server = Server(DOMAIN, box.ip)
    assert b"nginx.docs_paths" in server.ask("/docs", source=stranger).body
    other = server.ask("/docs")
    assert other.status == 404 and b"docs_paths" not in other.body


def test_HOST_07_a_login_lifts_the_ban_that_came_too_late(box: Host, stranger: str) -> None:
    box.ssh(f"fail2ban-client set sshd banip {stranger}")
    assert banned(box, 22, stranger)
    # Nobody can log in from there: what fail2ban does on a login that it sees after its ban.
    box.ssh(f"fail2ban-client set ssh-known banip {stranger}")
    end = time.monotonic() + 10
    while not knock(box, 22, stranger):
        assert time.monotonic() < end
        time.sleep(0.3)


def test_HOST_07_what_was_before_the_bans_came_does_not_count(box: Host, stranger: str) -> None:
    jails = "/etc/fail2ban/jail.local"
    box.ssh("systemctl stop fail2ban")
    for _ in range(FAILURES + 1):
        guess(box, stranger)
    time.sleep(1)
    box.ssh(f"touch {jails}; systemctl start fail2ban")
    assert not banned_within(box, 4, 22, stranger)
    box.ssh(f"touch -d '1 hour ago' {jails}; systemctl restart fail2ban")
    assert banned(box, 22, stranger), "the same lines count for a host that has the bans"


def first_contact() -> str:
    """README's command for the first contact, as it stands there."""
    lines = (ROOT / "README.md").read_text().splitlines()
    (command,) = (line.partition(">")[0] for line in lines if line.startswith("ssh-keyscan"))
    return command


@contextmanager
def operator_at(box: Host, address: str) -> Iterator[None]:
    """Every new connection to the box comes from `address`, as an operator's from there would."""
    box.ssh("true")  # the tests' own connection stays what it is
    _ip("route", "replace", f"{box.ip}/32", "dev", BRIDGE, "src", address)
    try:
        yield
    finally:
        _ip("route", "del", f"{box.ip}/32", "dev", BRIDGE)


# What bans do whose action is not ours: it refuses every packet, not new connections alone.
CUT = "add table inet cut; add chain inet cut in {{ type filter hook input priority -1; }};"
CUT += " add rule inet cut in ip saddr {} tcp dport 22 reject"


@pytest.mark.timeout(300)
def test_HOST_07_a_ban_in_the_middle_of_a_run(box: Host, stranger: str) -> None:
    """Ours leaves a run its connection; one that cuts it is named, with what lifts it."""
    with operator_at(box, stranger):
        with under_way(box) as run:
            box.ssh(f"fail2ban-client set sshd banip {stranger}")
            assert banned(box, 22, stranger)
            said = run.communicate("\n", timeout=120)[0]
            assert run.returncode == 0, said
        refused = box.pyinfra("-y", check=False)
        assert refused.returncode != 0
        assert refused.stdout.count("fail2ban-client unban ADDRESS") == 1, refused.stdout
        box.ssh(f"fail2ban-client unban {stranger}")
        with under_way(box) as run:
            box.ssh(f"nft '{CUT.format(stranger)}'")
            try:
                begin = time.monotonic()
                said = run.communicate("\n", timeout=120)[0]
                seconds = time.monotonic() - begin
            finally:
                box.ssh("nft delete table inet cut")
        assert run.returncode != 0
        (line,) = (
            line for line in said.splitlines() if "the connection as vagrant was lost" in line
        )
        assert "it takes no new one from here: this address may be banned" in line
        assert "fail2ban-client unban ADDRESS" in line
        assert "Traceback" not in said, said
        assert seconds < SOON, f"it was silent for {seconds:.0f} s"
        assert changes(box.converge().stdout) == {}


def test_HOST_07_the_first_contact_and_a_run_at_once(box: Host, stranger: str) -> None:
    """From an address that nothing excepts: README's command five times, and a whole run."""

    def connections() -> int:
        return int(box.run(f"journalctl -u ssh -o cat | grep -c 'from {stranger} port'").stdout)

    before = connections()
    with operator_at(box, stranger):
        for _ in range(5):
            scan = first_contact().replace("your.domain", box.ip).split()
            keys = subprocess.run(scan, check=True, capture_output=True, text=True).stdout
            assert keys.split()[:2] == [box.ip, "ssh-ed25519"]
        assert connections() == before + 5, "one connection each time"
        subprocess.run(["ssh-keyscan", box.ip], check=True, capture_output=True)
        assert not banned_within(box, 3, 22, stranger)
        assert changes(box.converge().stdout) == {}
