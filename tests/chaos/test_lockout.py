"""Settings that lock the operator out: the host comes back by itself, and the run says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time

from tests.support.box import PYINFRA, Box, changes

SECONDS = 20  # the least that the settings allow
WAIT = {"READYHOST_SSH__CONFIRM_WITHIN": str(SECONDS)}
NOBODY = {**WAIT, "READYHOST_SSHD__GROUPS": '["nobody-is-in-it"]'}
STATE = (
    "sha256sum /etc/ssh/sshd_config.d/* /etc/ufw/*.rules /etc/default/ufw | sort;"
    " sshd -T | grep allowgroups; getent group ssh-login; iptables -S | sort;"
    " ls /etc/systemd/system | grep readyhost-undo || true"
)


def gets_in(box: Box) -> bool:
    """Over a new connection, whatever else is open."""
    box.disconnect()
    return box.run("true", timeout=30).returncode == 0


def comes_back(box: Box, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not gets_in(box):
        assert time.monotonic() < end, f"no way in after {seconds} s"
        time.sleep(1)


def test_a_group_without_the_operator(host: Box) -> None:
    before = host.ssh(STATE)
    result = host.pyinfra("-y", check=False, values=NOBODY)
    assert result.returncode != 0
    assert "you could not get in again: Authentication error" in result.stdout
    assert "the host has put back what it had before" in result.stdout
    assert gets_in(host)
    assert host.ssh(STATE) == before
    # sshd is told once more what it runs with, as nobody saw that it does.
    again = {"SSH | running": 1, "SSH | confirmed over a new connection": 1}
    assert changes(host.converge().stdout) == again
    assert changes(host.converge().stdout) == {}


def test_a_firewall_without_ssh(host: Box) -> None:
    rules = host.project / "templates/firewall/etc/ufw/user.rules.j2"
    good = '{{ " -s %s" % rule.source if rule.source }} -j ACCEPT'
    assert good in rules.read_text()
    rules.write_text(rules.read_text().replace(good, good.replace("ACCEPT", "DROP")))
    before = host.ssh(STATE)
    result = host.pyinfra("-y", check=False, values=WAIT)
    assert result.returncode != 0
    assert "you could not get in again: Could not connect" in result.stdout
    assert gets_in(host)
    assert host.ssh(STATE) == before


def test_an_administrator_who_leaves_himself_out(host: Box) -> None:
    public = subprocess.run(
        ["ssh-keygen", "-y", "-f", host.key], check=True, capture_output=True, text=True
    ).stdout.strip()
    alice = {"READYHOST_BASE__ADMINS": json.dumps({"alice": [public]})}
    host.converge(**alice)
    asked = f"ssh -i {host.key} -o IdentitiesOnly=yes -o UserKnownHostsFile=/dev/null"
    asked += f" -o StrictHostKeyChecking=no -o LogLevel=ERROR alice@{host.ip} sudo -n true"
    assert subprocess.run(asked.split(), check=False).returncode == 0
    run = subprocess.run(
        [str(PYINFRA), "-y", "--data", "ssh_user=alice", "inventories/vagrant.py", "deploy.py"],
        cwd=host.project, env=host.environment(WAIT) | {"PYTHONPATH": str(host.project)},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert run.returncode != 0, run.stderr
    end = time.monotonic() + SECONDS + 10
    while subprocess.run(asked.split(), check=False, capture_output=True).returncode != 0:
        assert time.monotonic() < end, "alice did not come back"
        time.sleep(1)
    host.converge()
    assert subprocess.run(asked.split(), check=False, capture_output=True).returncode != 0


def test_a_run_that_is_killed_before_it_could_tell(host: Box) -> None:
    before = host.ssh(STATE)
    with subprocess.Popen(
        [str(PYINFRA), "-y", "inventories/vagrant.py", "deploy.py"],
        cwd=host.project, env=host.environment(NOBODY) | {"PYTHONPATH": str(host.project)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as run:  # fmt: skip
        host.ssh("until sshd -T | grep -q nobody-is-in-it; do sleep 0.1; done", timeout=60)
        while gets_in(host):  # until sshd has read it
            time.sleep(0.1)
        os.killpg(run.pid, signal.SIGKILL)
    assert not gets_in(host), "the run was too fast to be killed"
    comes_back(host, SECONDS + 15)
    assert host.ssh(STATE) == before
    host.converge()
    assert changes(host.converge().stdout) == {}
