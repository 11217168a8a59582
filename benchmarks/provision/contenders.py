"""The contenders, each on a box of its own: what a run takes."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.stream import Timed, timed
from vagrant.driver import PYINFRA, ROOT, Box
from vagrant.running import changes

from .playbook import PLAYBOOK
from .recording import SUMMARY
from .script import PAYLOAD, SCRIPT

INVENTORY = "inventories/vagrant.py"


def record(machine: Box, folder: Path) -> dict[str, int]:
    """Write the playbook and the script for `machine` to `folder`; how much there is of what."""
    module = "benchmarks.provision.recording"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        module,
        folder,
        "--dry",
        INVENTORY,
        "deploy.py",
    ]
    timed(command, cwd=ROOT, env=machine.environment({}))
    return dict(json.loads((folder / SUMMARY).read_text()))


def readyhost(machine: Box, more: Sequence[str] = ()) -> Timed:
    """One run of readyhost. more: options of pyinfra's."""
    command: list[str | Path] = [PYINFRA, "-y", *more, INVENTORY, "deploy.py"]
    return timed(command, cwd=ROOT, env=machine.environment({}))


def ansible(machine: Box, folder: Path) -> Timed:
    """One run of the playbook in `folder`, with a connection of its own, as it would be at work."""
    options = [f"--inventory={machine.ip},", "--user=vagrant", f"--private-key={machine.key}"]
    command: list[str | Path] = [PYINFRA.with_name("ansible-playbook"), *options, folder / PLAYBOOK]
    env = {"ANSIBLE_CONFIG": str(folder / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}
    control = folder / "control"
    env["ANSIBLE_SSH_CONTROL_PATH_DIR"] = str(control)
    return timed(command, cwd=folder, env=env)


def shell(machine: Box, folder: Path) -> Timed:
    """One run of the script in `folder`."""
    script = (folder / SCRIPT).read_text()
    machine.ssh("cat > /root/install.sh", stdin=script)
    ssh = machine._ssh()
    with (folder / PAYLOAD).open("rb") as payload:
        return timed([*ssh, "sudo -n sh /root/install.sh"], stdin=payload)


def unchanged(run: Timed) -> bool:
    """Whether a run of readyhost or Ansible says that it changed nothing."""
    if recap := re.search(r"ok=\d+ +changed=(\d+)", run.output):
        return recap[1] == "0"
    return changes(run.output) == {}
