"""git on the operator's machine, without prompts and without anybody's credentials in a message."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence


def git(directory: str, *arguments: str) -> str:
    """What a git command in `directory` prints. Raises CalledProcessError when it fails."""
    return run(["git", "-C", directory, *arguments]).decode(errors="replace").strip()


def quiet(directory: str, *arguments: str) -> str:
    """Like `git`; empty for a command that fails."""
    try:
        return git(directory, *arguments)
    except subprocess.CalledProcessError:
        return ""


def run(command: Sequence[str]) -> bytes:
    """The output of a command that asks nothing. Raises CalledProcessError when it fails."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}  # a prompt would hang the run
    return subprocess.run(command, check=True, capture_output=True, env=environment).stdout


def reason(error: subprocess.CalledProcessError) -> str:
    """The first line of what a failed command said."""
    lines = error.stderr.decode(errors="replace").strip().splitlines()
    return without_credentials(lines[0] if lines else f"git ended with {error.returncode}")


def without_credentials(text: str) -> str:
    return re.sub(r"//[^/@\s]*@", "//", text)
