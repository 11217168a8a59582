"""What readyhost installs from the package index: in an environment of its own, by its hashes.

A lock file names each package with its version and the hashes of its files, as pip takes it with
`--require-hashes`; a file that is another one is refused. `make locks` writes it.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .machine import Machine

_PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)")
PIP = "pip install -q --disable-pip-version-check --no-input"
# Nothing is built: what a build would take is in no lock file.
ONLY_BUILT = "--only-binary=:all:"


@dataclass(frozen=True)
class PipEnvironment:
    """root: the folder of all its versions on the host. lock: text of the lock file. tried: a
    program in it that must start. beyond: requirements that are in no lock file; beyond_hashes:
    those that a file of theirs has to have, if there are any."""

    root: str
    lock: str
    tried: str
    beyond: Sequence[str] = ()
    beyond_hashes: Sequence[str] = ()

    @property
    def current(self) -> str:
        """A link to the version that is used."""
        return f"{self.root}/current"

    def directory(self, machine: Machine) -> str:
        """Where this very set of versions is installed."""
        what = [*map(str, machine.versions.python), self.lock, *self.beyond, *self.beyond_hashes]
        return f"{self.root}/{hashlib.sha256(' '.join(what).encode()).hexdigest()[:12]}"

    def is_installed(self, machine: Machine) -> str:
        """A shell test: the wanted versions are there, whole, and in use."""
        wanted = self.directory(machine)
        return f'[ "$(readlink {self.current})" = {wanted} ] && [ -e {wanted}/whole ]'

    def install(self, machine: Machine) -> list[str]:
        """Shell commands that install the wanted versions beside others, then switch, then clean
        up. They stop at the first that fails (`set -e`)."""
        wanted = self.directory(machine)
        said = f">>{wanted}/log 2>&1 || {{ tail -n 20 {wanted}/log >&2; exit 1; }}"
        pip = f"{wanted}/bin/{PIP} {ONLY_BUILT}"
        return [
            f"rm -rf {wanted}",
            f"mkdir -p {self.root}",
            f"python3 -m venv {wanted}",
            f"cat >{wanted}/lock.txt <<'END'\n{self.lock.strip()}\nEND",
            f"{pip} --require-hashes -r {wanted}/lock.txt {said}",
            *self._beyond(wanted, pip, said),
            f"{wanted}/bin/{self.tried} --version >/dev/null",
            f"touch {wanted}/whole",
            f"ln -sfn {wanted} {self.root}/new",
            f"mv -T {self.root}/new {self.current}",
            f"find {self.root} -mindepth 1 -maxdepth 1 -type d ! -path {wanted}"
            " -exec rm -rf {} +",
        ]

    def _beyond(self, wanted: str, pip: str, said: str) -> list[str]:
        """Lines that install what is in no lock file. What is in it keeps its version."""
        if not self.beyond:
            return []
        pins = "\n".join(f"{name}=={version}" for name, version in pins_of(self.lock).items())
        hashes = "".join(f" --hash={each}" for each in self.beyond_hashes)
        known = "\n".join(f"{each}{hashes}" for each in self.beyond)
        first = [
            f"printf '%s\\n' {shlex.quote(known)} >{wanted}/beyond.txt",
            f"{pip} --no-deps --require-hashes -r {wanted}/beyond.txt {said}",
        ]
        return [
            *(first if hashes else []),
            f"printf '%s\\n' {shlex.quote(pins)} >{wanted}/constraints.txt",
            # some plug-ins, or what they need, there is only to be built
            f"{pip.replace(ONLY_BUILT, '--prefer-binary')} -c {wanted}/constraints.txt"
            f" {shlex.join(self.beyond)} {said}",
        ]


def pins_of(lock: str) -> dict[str, str]:
    """Version by name. One that differs by the version of Python is left to the lock alone."""
    rows = [match.groups() for line in lock.splitlines() if (match := _PIN.match(line))]
    names = [name for name, _ in rows]
    return {name: version for name, version in rows if names.count(name) == 1}


def read(path: Path) -> str:
    """A lock file's text, without what is said to its reader."""
    lines = path.read_text().splitlines()
    return "\n".join(line for line in lines if not line.startswith("#")) + "\n"
