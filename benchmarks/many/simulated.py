"""Hosts that answer what one converged box has answered: one SSH server for any number of them.

What is simulated is the hosts alone. Each is connected to over SSH, as any is, and has its own
plan; it waits as long as the box took. So a run costs the operator's machine what it would with so
many boxes, and this machine does not have to bear them.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from vagrant.driver import Box

PORT = 2200
ANSWERS = "/home/vagrant/answers"
PROGRAM = "/usr/local/bin/answer"
SERVER = f"""
Port {PORT}
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd-simulated.pid
MaxStartups 500
UsePAM no
ForceCommand {PROGRAM}
"""
"""Of all hosts at once, so it lets more come in at a time than one does."""
TO_THE_BOX = """
Host host
HostName {ip}
User vagrant
IdentityFile {answers}/key
IdentitiesOnly yes
LogLevel ERROR
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
ControlMaster auto
ControlPath {answers}/%C
ControlPersist 60
"""


@dataclass(frozen=True)
class Simulated:
    """The hosts that `machine` plays, a new box without anything."""

    machine: Box

    def begin(self, box: Box) -> None:
        """From now on they ask `box` what they do not know yet, and keep what it says."""
        put = {
            PROGRAM: Path(__file__).with_name("answer.sh").read_text(),
            "/etc/ssh/sshd_simulated": SERVER,
            f"{ANSWERS}/key": Path(box.key).read_text(),
            f"{ANSWERS}/ssh_config": TO_THE_BOX.format(ip=box.ip, answers=ANSWERS),
        }
        self.machine.ssh(f"mkdir -p {ANSWERS}")
        for path, text in put.items():
            self.machine.ssh(f"umask 077; cat >{shlex.quote(path)}", stdin=text)
        self.machine.ssh(
            f"chmod 755 {PROGRAM}; chown -R vagrant: {ANSWERS}; usermod -p '*' vagrant;"
            " $(command -v sshd) -f /etc/ssh/sshd_simulated;"
            # Connected, before a question is.
            f" sudo -u vagrant ssh -F {ANSWERS}/ssh_config host true"
        )

    def seal(self) -> None:
        """They know what they were asked, and nothing else; the box is not asked any more."""
        self.machine.ssh(f"touch {ANSWERS}/sealed; rm {ANSWERS}/key {ANSWERS}/ssh_config")

    def variables(self, number: int) -> dict[str, str]:
        """What inventory.py reads, for so many of them."""
        there = f"{self.machine.ip} {PORT} {self.machine.key}"
        return {"HOSTS": str(number), "SIMULATED": there}
