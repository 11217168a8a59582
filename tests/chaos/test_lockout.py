"""Settings that lock the operator out: the host comes back by itself, and the run says so."""

from __future__ import annotations

import json
import subprocess
import time

from tests.support.lockout import SECONDS, STATE, WAIT, comes_back, gets_in, is_undone, lock_out
from vagrant.driver import PYINFRA, Box
from vagrant.running import changes

SSH_UNIT = "cat /etc/systemd/system/ssh.service.d/*; systemctl show -p InaccessiblePaths ssh"


def test_a_firewall_without_ssh(host: Box) -> None:
    rules = host.project / "templates/firewall/etc/ufw/user.rules.j2"
    good = '{{ " -s %s" % rule.source if rule.source }} -j ACCEPT'
    assert good in rules.read_text()
    rules.write_text(rules.read_text().replace(good, good.replace("ACCEPT", "DROP")))
    before = host.ssh(STATE)
    result = host.pyinfra("-y", check=False, values=WAIT)
    assert result.returncode != 0
    assert "you could not get in again: no answer within" in result.stdout
    assert gets_in(host)
    assert host.ssh(STATE) == before


def test_SEC_08_a_unit_of_ssh_that_lets_nobody_in(host: Box) -> None:
    """The server does not even start with it, so nobody can tell the host."""
    unit = host.project / "templates/ssh/etc/systemd/system/ssh.service.d/readyhost.conf.j2"
    unit.write_text(unit.read_text() + "InaccessiblePaths=/etc/passwd\n")
    before, confined = host.ssh(STATE), host.ssh(SSH_UNIT)
    result = host.pyinfra("-y", check=False, values=WAIT)
    assert result.returncode != 0
    assert "ssh does not answer" in result.stdout
    assert not gets_in(host), "the unit lets somebody in"
    comes_back(host, SECONDS + 15)
    is_undone(host, before)
    assert host.ssh(SSH_UNIT) == confined


def test_HOST_08_a_run_whose_own_connection_dies_ends_and_is_undone(host: Box) -> None:
    """Not even what is open goes on, so the host can't be told, and the proof never answers."""
    rules = host.project / "templates/firewall/etc/ufw/before.rules.j2"
    good = "-A ufw-before-input -i lo -j ACCEPT\n"
    assert good in rules.read_text()
    shut = f"{good}-A ufw-before-input -p tcp --dport 22 -j DROP\n"
    rules.write_text(rules.read_text().replace(good, shut))
    before = host.ssh(STATE)
    begin = time.monotonic()
    result = host.pyinfra("-y", check=False, values=WAIT)
    assert result.returncode != 0
    assert time.monotonic() - begin < 4 * SECONDS
    comes_back(host, SECONDS + 15)
    is_undone(host, before)


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
    lock_out(host)
    comes_back(host, SECONDS + 15)
    is_undone(host, before)
    host.converge()
    assert changes(host.converge().stdout) == {}
