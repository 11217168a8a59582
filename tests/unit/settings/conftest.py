"""An environment or a whole project in a folder of its own, whose files a test writes."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from roles.core.errors import OperatorError
from settings import DIRECTORY, Settings, load
from tests.unit.environments import SECRETS

TOML = 'domain = "shop.example"\n[app]\nrepository = "/srv/git/shop.git"\n'
ENV = {
    "READYHOST_APP__SECRET_KEY": SECRETS["app"],
    "READYHOST_POSTGRES__PASSWORD": SECRETS["postgres"],
    "READYHOST_REDIS__PASSWORD": SECRETS["redis"],
    "READYHOST_BACKUP__PASSPHRASE": SECRETS["backup"],
}

ROOT = DIRECTORY.parent
PYINFRA = Path(sys.executable).with_name("pyinfra")

Completed = subprocess.CompletedProcess[str]


@dataclass
class Files:
    """The files of the environment `test`, as they are found by a command that runs in `folder`."""

    folder: Path

    def toml(self, text: str) -> None:
        (self.folder / "test.toml").write_text(text)

    def env(self, text: str, mode: int = 0o600) -> None:
        file = self.folder / "test.env"
        file.write_text(text)
        file.chmod(mode)

    def more_env(self, **values: str) -> None:
        """Valid secrets, and these values over them."""
        self.env("".join(f"{name}={value}\n" for name, value in {**ENV, **values}.items()))

    def load(self, *data: str) -> Settings:
        return load("test", self.folder, data=data)

    def errors(self, *data: str) -> Sequence[str]:
        """The lines of what is said, the headline left out."""
        with pytest.raises(OperatorError) as raised:
            self.load(*data)
        lines = str(raised.value).splitlines()
        if len(lines) == 1:
            return lines
        assert lines[0] == (
            f"{len(lines) - 1} errors in the settings of test; nothing has been changed:"
        )
        return [line.removeprefix("    ") for line in lines[1:]]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """A valid environment: the least there can be."""
    monkeypatch.chdir(tmp_path)
    made = Files(tmp_path)
    made.toml(TOML)
    made.more_env()
    return made


class Project:
    """A folder with the inventories and a deploy file that says what it sees of the settings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.inventories = folder / "inventories"
        self.inventories.mkdir()
        for name in ("prod.py", "staging.py", "vagrant.py", "vagrant.toml"):
            shutil.copy(DIRECTORY / name, self.inventories)
        (folder / "deploy.py").write_text("raise SystemExit('a host was reached')\n")

    def values(self, name: str, toml: str = TOML) -> None:
        """Valid values of an environment whose host keys are known."""
        (self.inventories / f"{name}.toml").write_text(toml)
        env = self.inventories / f"{name}.env"
        env.write_text("".join(f"{key}={value}\n" for key, value in ENV.items()))
        env.chmod(0o600)
        (self.inventories / f"{name}.known_hosts").write_text("shop.example ssh-ed25519 AAAA\n")

    def box(self, script: str) -> None:
        """What stands in for the script that knows Vagrant's machines."""
        box = self.folder / "vagrant" / "box"
        box.parent.mkdir()
        box.write_text(f"#!/bin/sh\n{script}\n")
        box.chmod(0o755)

    def pyinfra(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Completed:
        return subprocess.run(
            [PYINFRA, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environ or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def refusal(self, name: str, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
        """The one line, or lines, with which a deploy ends before any connection."""
        ended = self.pyinfra(
            "-y", *arguments, f"inventories/{name}.py", "deploy.py", environ=environ
        )
        assert ended.returncode == 1, ended.stdout + ended.stderr
        assert "Connecting" not in ended.stderr
        assert "Traceback" not in ended.stderr
        assert not (self.folder / "pyinfra-debug.log").exists()
        before, separator, said = ended.stderr.partition("--> pyinfra error: ")
        assert separator, ended.stderr
        assert [line for line in before.splitlines() if line] == [
            "--> Loading config...",
            "--> Loading inventory...",
        ]
        return said.strip()

    def run(self, name: str, **options: Any) -> dict[str, Any]:
        """What an inventory file has in it when pyinfra runs it with these options."""
        with click.Context(click.Command("pyinfra")) as context:
            context.params = options
            return runpy.run_path(str(self.inventories / f"{name}.py"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)
