"""A program that goes on as a systemd unit of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NoReturn

RUN = ("systemd-run", "--quiet", "--wait", "--pipe", "--collect")
"""A command as a unit: its output and exit status come back, and nothing stays of the unit."""
ALONE = ("systemd-run", "--quiet", "--collect", "--property=SyslogLevelPrefix=no")
"""One that nobody waits for: what it says is in the journal, and no `<0>` in it an emergency."""


def verbatim(argument: str) -> str:
    """An argument of systemd-run's command that arrives as it is.

    systemd replaces `${NAME}` in each of them, before any program sees it, also where a shell is
    to; `$$` is its way to say `$`. (Its --expand-environment=no is younger than 249.)
    """
    return argument.replace("$", "$$")


def properties(values: Mapping[str, str]) -> list[str]:
    """Options of systemd-run that give the unit these properties."""
    return [f"--property={name}={value}" for name, value in values.items()]


def become(
    command: Sequence[str], options: Iterable[str] = (), run: Sequence[str] = RUN
) -> NoReturn:
    """Go on as a unit that runs `command`: a lost connection or Ctrl-C ends this program, and not
    what it has begun. options: of systemd-run. run: ALONE to end while the unit goes on."""
    sys.stdout.flush()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    said = [verbatim(argument) for argument in command]
    os.execvp(run[0], [*run, *options, "--", *said])  # noqa: S606
