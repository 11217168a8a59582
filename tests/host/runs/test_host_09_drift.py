"""Everything that hands do to a host at once: one run puts it right, and says what it can't."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from roles.base import swap
from roles.core.shell import Commands
from roles.core.step import Step
from roles.tls.configuration import DEFAULT_CERTIFICATE
from tests.host.conftest import DOMAIN, Host
from tests.host.database import superuser
from tests.host.hands import ETC_POSTGRES, HANDS, POOLER
from tests.host.stages import once_at_all
from tests.support.readyhost import readyhost
from vagrant.running import changes

# Files that outrank ours: of SSH and Nginx those that are read before, of others those after.
OUTRANKING = {
    "/etc/ssh/sshd_config.d/00-before.conf": "MaxSessions 99\n",
    "/etc/nginx/conf.d/00-hand.conf": (
        f"server {{\n  listen 443 ssl;\n  server_name other.example\n    {DOMAIN};\n"
        f"  ssl_certificate {DEFAULT_CERTIFICATE}/fullchain.pem;\n"
        f"  ssl_certificate_key {DEFAULT_CERTIFICATE}/privkey.pem;\n"
        "  return 204;\n}\n"
    ),
    f"{ETC_POSTGRES}/conf.d/zz.conf": "random_page_cost = 9\n",
    "/etc/sysctl.d/99-hand.conf": "net/core/somaxconn=128\nnet.ipv4.tcp_syncookies = 1\n",
}
SLOT = "slot=$(basename $(readlink /srv/app/live))"


def wrong(box: Host) -> set[str]:
    """The hands whose marks the host has."""
    looks = [
        f"( {hand.right} ) >/dev/null 2>&1 || echo {shlex.quote(name)}"
        for name, hand in HANDS.items()
    ]
    return set(box.ssh("\n".join([SLOT, *looks]), timeout=300).splitlines())


@pytest.fixture
def administered(box: Host, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings with two administrators and a name, which the host has while the test runs."""
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", key], check=True)
    public = key.with_suffix(".pub").read_text().strip()
    name = box.ssh("uname -n")
    values = {
        "READYHOST_BASE__ADMINS": json.dumps({"alice": [public], "bob": [public]}),
        "READYHOST_BASE__HOSTNAME": "web1",
    }
    box.converge(**values)
    yield values
    box.converge()
    box.ssh(f"hostname {name}; echo {name} >/etc/hostname")


@once_at_all
def test_HOST_09_a_run_puts_right_what_hands_did(box: Host, administered: dict[str, str]) -> None:
    assert wrong(box) == set()
    for name, hand in HANDS.items():
        done = box.run(f"{SLOT}; {hand.does}")
        assert done.returncode == 0, (name, done.stderr)
    assert wrong(box) == {name for name, hand in HANDS.items() if hand.right != "true"}
    run = box.converge(**administered).stdout
    assert wrong(box) == set(), run
    assert box.https("/health").status_code == 200
    for words in (
        "took away work_mem, which ALTER SYSTEM had set",
        "/env was changed: processes that start would get that",
        "the account app is a member of sudo",
        "/etc/ssh/sshd_config includes /etc/ssh/sshd_config.d again",
        "it runs with other values than its files have",
    ):
        assert words in run
    assert changes(box.converge(**administered).stdout) == {}


@once_at_all
def test_HOST_09_drift_tells_what_a_hand_changed_from_what_a_setting_did(box: Host) -> None:
    """Its exit status: 0 nothing differs, 2 something does, 1 nobody could look."""
    said = readyhost(box, "drift")
    assert (said.returncode, "as the settings want it" in said.stderr) == (0, True), said
    file = "/etc/nginx/nginx.conf"
    box.ssh(f"cp -p {file} /root/before; echo '# by hand' >>{file}; systemctl stop fail2ban")
    said = readyhost(box, "drift", READYHOST_LOGS__KEEP="7")
    assert said.returncode == 2, said
    for line in (
        "Nginx | configuration: changed on the host",
        f"change {file}",
        "Bans | running: changed on the host",
        "start fail2ban: it is inactive",
        "Logs | configuration: not brought there yet",
    ):
        assert line in said.stderr
    assert "# by hand" in box.ssh(
        f"cp -p {file} /root/after; mv /root/before {file}; cat /root/after"
    )
    assert box.run("systemctl is-active fail2ban").stdout.strip() == "inactive"
    box.ssh("systemctl start fail2ban")
    assert readyhost(box, "drift", READYHOST_LOGS__KEEP="0").returncode == 1
    assert readyhost(box, "drift").returncode == 0


@once_at_all
def test_HOST_09_what_a_run_does_not_put_right_is_said(box: Host) -> None:
    """A setting of a role, and files that come before or after ours: each may be meant. Where the
    site or the way in would be another one the run stops. A pool that was paused goes on."""
    superuser(box, "ALTER DATABASE app SET work_mem = '9MB'")
    for file, text in OUTRANKING.items():
        folder, _, name = file.rpartition("/")
        box.ssh(f"cd {folder} && cat >{name}", stdin=text)
    superuser(box, "SELECT pg_reload_conf()")
    run = box.pyinfra("-y", check=False)
    assert run.returncode == 1
    assert "something else in /etc/ssh sets it first: MaxSessions 10" in run.stdout
    ssh, nginx, *others = OUTRANKING
    box.ssh(f"rm {ssh}")
    box.run(f"timeout 1 sh -c \"{POOLER} -c 'PAUSE app'\"")  # it waits for open transactions
    paused = "SHOW DATABASES' | grep ^app.*'|1|0$"
    box.ssh(f"{POOLER} -c '{paused}'")
    run = box.pyinfra("-y", check=False)
    assert run.returncode == 1
    for words in (
        f"{others[1]} sets net.core.somaxconn = 128 after ours at each boot",
        "conf.d/zz.conf line 1 sets it, too",
        "sessions of app begin with work_mem=9MB by hand",
        "restart pgbouncer: it does not answer",
        f"{nginx} serves {DOMAIN} first: remove that name there",
    ):
        assert words in run.stdout, words
    assert box.https("/health").status_code == 200
    box.ssh(f"rm {nginx} {others[0]}")
    superuser(box, "ALTER DATABASE app RESET work_mem")
    superuser(box, "SELECT pg_reload_conf()")
    assert "by hand" not in box.converge().stdout
    said = readyhost(box, "drift")
    assert said.returncode == 0, "what a run leaves counts as no difference"
    assert "Base | kernel settings at boot: a run says this, and leaves it" in said.stderr
    box.ssh(f"rm {others[1]}")


def done(box: Host, step: Step) -> bool:
    """Whether the step had something to do, which is done now."""
    due = step.due(box.ssh(step.question()).splitlines())
    for each in due.do:
        box.ssh(each.command, stdin=each.stdin)
    return bool(due.do)


@once_at_all
def test_HOST_09_swap_that_a_hand_switched_off_is_used_again(box: Host) -> None:
    """A run leaves it out in a container, so the step alone is tried, with little of it."""
    if box.run("truncate -s 0 /root/s; swapon /root/s 2>&1 | grep -q 'not permitted'").returncode:
        step = Commands("Base | swap", unless=swap.as_wanted(16), commands=swap.commands(16))
        try:
            assert done(box, step)
            assert not done(box, step)
            for hand in ("swapoff /swapfile", "swapoff /swapfile; rm /swapfile"):
                box.ssh(hand)
                assert done(box, step)
                assert "/swapfile" in box.ssh("cat /proc/swaps")
        finally:
            box.run("swapoff /swapfile; rm -f /swapfile /root/s")
    else:
        pytest.skip("this machine's containers may not swap")
