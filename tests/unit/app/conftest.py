"""What the tests of the application's role share."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from roles.app.settings import App

SECRET = "b7e151628aed2a6abf7158809cf4f3c7"
IDENTITY = ["-c", "user.name=Test", "-c", "user.email=test@example.com"]


def settings(**values: Any) -> App:
    """Settings with what has no default."""
    return App(**{"repository": "/nowhere", "secret_key": SECRET, **values})


class Repository:
    """A git repository on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir()
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *IDENTITY, *arguments],
            cwd=self.path,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def commit(self, tag: str, **files: str) -> str:
        """Commit `files` (`__` in a name is a dot) under `tag`. The commit's name."""
        for name, text in files.items():
            path = self.path / name.replace("__", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", tag)
        self.git("tag", "-a", "-m", tag, tag)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")
