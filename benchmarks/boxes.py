"""The boxes that are measured: new ones, each for one contender."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.visitors import NETWORK
from vagrant.driver import Box
from vagrant.example import TAG, repository

DOMAIN = "shop.example"
EXAMPLE = "fastapi"
SESSION = "Starting session"
"""What sshd logs for each command that is run over a connection."""

VERBOSE = "echo 'LogLevel VERBOSE' >/etc/ssh/sshd_config.d/00-bench.conf && systemctl reload ssh"


def values(source: Path) -> dict[str, str]:
    """Settings of the boxes; the machine that measures may ask as much as it wants."""
    return {
        "READYHOST_DOMAIN": DOMAIN,
        "READYHOST_APP__REPOSITORY": str(source),
        "READYHOST_APP__TAG": TAG,
        "READYHOST_APP__STATIC": "static",
        "READYHOST_NGINX__LIMITS__UNLIMITED": '["10.0.3.1/32"]',
        # Who floods is not shut out either: that would be the end of the flood.
        "READYHOST_BANS__IGNORE": json.dumps(["10.0.3.1/32", NETWORK]),
    }


def application(folder: Path) -> Path:
    """The example as a git repository below `folder`, with a tag."""
    return repository(EXAMPLE, folder / EXAMPLE)


@contextmanager
def box(name: str, suite: str, source: Path, keep: bool = False) -> Iterator[Box]:
    """A new machine, taken away at the end unless it is to be kept."""
    machine = Box.boot(f"bench-{name}", suite, values(source))
    try:
        machine.ssh(VERBOSE)
        yield machine
    finally:
        if not keep:
            machine.destroy()


class Sessions:
    """Counts the commands that a host was asked for, as its own sshd logs them."""

    def __init__(self, machine: Box) -> None:
        self._machine = machine
        self._before = self._logged()

    def count(self) -> int:
        """Commands since the beginning; the one that asks is not counted."""
        return self._logged() - self._before - 1

    def _logged(self) -> int:
        return int(
            self._machine.ssh(f"journalctl -o cat --no-pager _COMM=sshd | grep -c '{SESSION}'")
        )
