"""The driver of boxes: a real host on this machine, seen from outside."""

from __future__ import annotations

import os
import shlex
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import Self

ROOT = Path(__file__).resolve().parents[1]
BOX = ROOT / "vagrant" / "box"
PYINFRA = ROOT / ".venv" / "bin" / "pyinfra"

Completed = subprocess.CompletedProcess[str]


def wrapper(*arguments: str) -> str:
    """What `vagrant/box ARGUMENTS` prints. Raises CalledProcessError with its words."""
    return subprocess.run(
        [str(BOX), *arguments], check=True, text=True, stdout=subprocess.PIPE
    ).stdout.strip()


@dataclass
class Box:
    """A running machine. `values` are settings, as environment variables, of every run on it."""

    name: str
    suite: str
    ip: str
    key: str
    values: dict[str, str] = field(default_factory=dict)
    project: Path = ROOT

    @classmethod
    def boot(cls, name: str, suite: str, values: Mapping[str, str] | None = None) -> Self:
        """Boot a new machine; one of that name that an earlier run left is taken away first."""
        wrapper("destroy", name)
        ip = wrapper("up", name, suite)
        return cls(name, suite, ip, wrapper("key", name), dict(values or {}))

    @classmethod
    def copied(
        cls, kept: str, name: str, suite: str, values: Mapping[str, str] | None = None
    ) -> Self:
        """Boot a new machine with the files of the machine `kept`, which goes on as it is."""
        wrapper("copy", kept, name)
        return cls(name, suite, wrapper("up", name), wrapper("key", name), dict(values or {}))

    def destroy(self) -> None:
        self.disconnect()
        wrapper("destroy", self.name)

    # --- the machine by SSH -------------------------------------------------------------------

    def _ssh(self) -> list[str]:
        # One connection for all commands: the firewall limits how many may be made.
        return [
            "ssh", "-i", self.key, "-o", "IdentitiesOnly=yes", "-o", "LogLevel=ERROR",
            "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no",
            "-o", "ControlMaster=auto", "-o", f"ControlPath=/tmp/rh-%C-{os.getpid()}",
            "-o", "ControlPersist=300", "-o", "ConnectTimeout=10", f"vagrant@{self.ip}",
        ]  # fmt: skip

    def run(self, command: str, stdin: str | None = None, timeout: float = 120) -> Completed:
        """Run a shell command as root on the box."""
        return subprocess.run(
            [*self._ssh(), f"sudo -n sh -c {shlex.quote(command)}"],
            input=stdin if stdin is not None else "",
            text=True,
            capture_output=True,
            timeout=timeout,
            check=False,
        )

    def ssh(self, command: str, stdin: str | None = None, timeout: float = 120) -> str:
        """What a command that must succeed prints, without surrounding white space."""
        result = self.run(command, stdin, timeout)
        if result.returncode:
            said = (result.stdout + result.stderr).strip()
            reason = said.rpartition("\n")[2] or f"exit status {result.returncode}"
            # The first line is what a summary shows.
            raise AssertionError(f"{reason} <- {command}\n{said}")
        return result.stdout.strip()

    def disconnect(self) -> None:
        subprocess.run([*self._ssh(), "-O", "exit"], capture_output=True, check=False)

    def reboot(self, timeout: float = 120) -> None:
        """Reboot, and wait until systemd says that it has finished starting."""
        boot = self.ssh("cat /proc/sys/kernel/random/boot_id; stat -c %Y /proc/1")
        self.run("systemd-run --on-active=1 systemctl reboot")
        self.disconnect()
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            time.sleep(1)
            again = self.run("cat /proc/sys/kernel/random/boot_id; stat -c %Y /proc/1")
            if again.returncode == 0 and again.stdout.strip() != boot:
                state = self.run("systemctl is-system-running --wait", timeout=timeout)
                assert state.stdout.strip() in ("running", "degraded"), state
                return
        raise AssertionError(f"{self.name} did not come back within {timeout} s")

    # --- a run of the toolkit -----------------------------------------------------------------

    def environment(self, values: Mapping[str, str]) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("READYHOST_")}
        return {**kept, "BOXES": self.name, **self.values, **values}

    def pyinfra(
        self,
        *arguments: str,
        deploy: str = "deploy.py",
        timeout: float = 600,
        check: bool = True,
        values: Mapping[str, str] | None = None,
        stdin: str = "",
    ) -> Completed:
        """`pyinfra ARGUMENTS inventories/vagrant.py deploy.py` on this box, output in one. stdin:
        what is typed."""
        result = subprocess.run(
            [str(PYINFRA), *arguments, "inventories/vagrant.py", deploy],
            cwd=self.project,
            env=self.environment(values or {}) | {"PYTHONPATH": str(self.project)},
            text=True,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
        if check:
            assert result.returncode == 0, f"exit status {result.returncode}\n{result.stdout}"
        return result

    def converge(self, *arguments: str, **values: str) -> Completed:
        """A run that asks nothing; `values` are settings of this run only."""
        return self.pyinfra("-y", *arguments, values=values)
