"""readyhost ENV deploy, ready and their like: the pyinfra command of that name, nothing between."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from .hosts import ROOT

COMMANDS = ("deploy", "ready", "rollback", "releases", "restore")


def run(environment: str, program: str, limit: str | None, after: Sequence[str]) -> NoReturn:
    """Become pyinfra, with the options that stand behind `--`: Ctrl-C, the terminal and the exit
    status are its own."""
    only = ["--limit", limit] if limit else []
    pyinfra = str(Path(sys.executable).with_name("pyinfra"))
    os.chdir(ROOT)
    command = [pyinfra, *only, f"inventories/{environment}.py", f"{program}.py", *after]
    os.execv(pyinfra, command)  # noqa: S606 - words, and no shell that could read them
