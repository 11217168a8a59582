"""A private copy of this machine's /etc and /var in memory, in which apply.sh can do its work."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roles.core.change import command, compare, pack
from roles.core.entries import Entry
from roles.core.state import FileState, parse, question

MOUNTS = """
mount -t tmpfs tmpfs /run
for top in etc var; do
  mkdir -p /run/layers/$top/upper /run/layers/$top/work
  mount -t overlay overlay /$top \\
    -o lowerdir=/$top,upperdir=/run/layers/$top/upper,workdir=/run/layers/$top/work
done
mkdir /etc/rh /var/lib/readyhost
echo ready; while read -r line; do eval "$line"; done
"""


class Sandbox:
    """A mount namespace with a shell in it; commands run there as root, on this machine's files."""

    def __init__(self) -> None:
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        self.shell = subprocess.Popen(
            [*root, "unshare", "--mount", "--propagation", "private", "sh", "-ec", MOUNTS],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.shell.stdout
        assert self.shell.stdout.readline() == "ready\n"
        pid = self.shell.pid
        if root:  # the shell is sudo's child
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        self.enter = [*root, "nsenter", "--mount", f"--target={pid}", "sh", "-c"]

    def close(self) -> None:
        self.shell.communicate()

    def run(self, script: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.enter, script], input=stdin, text=True, capture_output=True, check=False
        )

    def out(self, script: str) -> str:
        return self.run(script).stdout.strip()

    def state(self, role: str, paths: Sequence[str]) -> FileState:
        return parse(self.run(question(role, paths)).stdout.splitlines())

    def sync(
        self, role: str, entries: Sequence[Entry], prefix: str = "", **steps: Any
    ) -> subprocess.CompletedProcess[str] | None:
        """What becomes of fileset.Files, without pyinfra. None: nothing was to be done."""
        change = compare(entries, self.state(role, [entry.path for entry in entries]))
        if not change:
            return None
        return self.run(prefix + command(role), pack(change, **steps))
