"""The example applications as git repositories with a tag, as a team would have them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .driver import ROOT

TAG = "v1.0.0"
IGNORED = shutil.ignore_patterns("node_modules", "__pycache__", ".venv", "*.pyc", ".pytest_cache")
AUTHOR = {
    "GIT_AUTHOR_NAME": "Example",
    "GIT_AUTHOR_EMAIL": "example@example.com",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "Example",
    "GIT_COMMITTER_EMAIL": "example@example.com",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


def git(repository: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments],
        cwd=repository,
        env={**os.environ, **AUTHOR},
        check=True,
        text=True,
        capture_output=True,
    ).stdout.strip()


def repository(example: str, target: Path) -> Path:
    """A new repository at `target` with the files of examples/`example`, tagged v1.0.0."""
    shutil.copytree(ROOT / "examples" / example, target, ignore=IGNORED)
    git(target, "init", "-q", "-b", "main")
    return commit(target, TAG)


def commit(target: Path, tag: str) -> Path:
    """Everything in the working tree as one more commit, tagged."""
    git(target, "add", "-A")
    git(target, "commit", "-q", "--allow-empty", "-m", tag)
    git(target, "tag", tag)
    return target
