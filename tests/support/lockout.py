"""Settings that lock the operator out, and how a box looks before and after."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable

from vagrant.driver import PYINFRA, Box

SECONDS = 20  # the least that the settings allow
WAIT = {"READYHOST_SSH__CONFIRM_WITHIN_SECONDS": str(SECONDS)}
NOBODY = {**WAIT, "READYHOST_SSHD__GROUPS": '["nobody-is-in-it"]'}
STATE = (
    "sha256sum /etc/ssh/sshd_config.d/* /etc/ufw/*.rules /etc/default/ufw | sort;"
    " sshd -T | grep allowgroups; getent group ssh-login; iptables -S | grep -v f2b | sort;"
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


def is_undone(box: Box, before: str) -> None:
    """All is as `before`, which STATE said. Its last step comes after the one that lets the
    operator in."""
    end = time.monotonic() + 15
    while (now := box.ssh(STATE)) != before and time.monotonic() < end:
        time.sleep(0.5)
    assert now == before


def lock_out(box: Box, last: Callable[[], object] = lambda: None) -> None:
    """A run that locks the operator out and is killed before it could tell. `last` is called while
    there still is a connection."""
    with subprocess.Popen(
        [str(PYINFRA), "-y", "inventories/vagrant.py", "deploy.py"],
        cwd=box.project, env=box.environment(NOBODY) | {"PYTHONPATH": str(box.project)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as run:  # fmt: skip
        box.ssh("until sshd -T | grep -q nobody-is-in-it; do sleep 0.1; done", timeout=60)
        last()
        while gets_in(box):  # until sshd has read it
            time.sleep(0.1)
        os.killpg(run.pid, signal.SIGKILL)
    assert not gets_in(box), "the run was too fast to be killed"
