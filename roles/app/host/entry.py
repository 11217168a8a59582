"""How the program starts: what changes something runs as a unit of its own, so that a lost
connection or Ctrl-C ends neither the release nor half of it.

Who hands on to a unit has users wait until all is read: for a way back nothing else is.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from roles.core.host import unit
from roles.core.host.errors import HostError, require_root

FAILED = 1
HERE = "--here"
"""Marks the run inside of its own unit."""
BACK = ("rollback", "activate")
ONLY_SAID = ("--plan", "-h", "--help")


def main(name: str, arguments: list[str] | None = None) -> int:
    """Run one command for `name`. Exit status: 0, or 1 with the reason on stderr."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in BACK and not {HERE, *ONLY_SAID} & {*arguments}:
        try:
            require_root()
        except HostError as error:
            print(error, file=sys.stderr)
            return FAILED
        go_on_alone(name, arguments)
    from .command import run

    return run(name, arguments)


def who() -> str:
    """Who does it: whom sudo was told by, or the account."""
    return os.environ.get("SUDO_USER") or os.environ.get("USER") or "root"


def go_on_alone(
    name: str, arguments: Sequence[str], options: Sequence[str] = (), *, waits: bool = True
) -> NoReturn:
    """Run the same command as a unit, and wait until it has ended. options: of systemd-run."""
    # The one who said sudo is not known inside of the unit.
    by = [] if "--by" in arguments else ["--by", who()]
    options = [f"--unit={name}-release-run-{os.getpid()}", "--setenv=LANG=C.UTF-8", *options]
    run = unit.RUN if waits else unit.ALONE
    unit.become([f"/usr/local/sbin/{name}-release", HERE, *arguments, *by], options, run)
