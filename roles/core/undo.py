"""What a host needs to undo a change by itself: shell scripts, as pure functions."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from .state import STATE

ARM = Path(__file__).with_name("arm.sh")
REACH = Path(__file__).with_name("reach.py")
_KINDS = ("restart", "reload")  # of stamps, as in service.py


@dataclass(frozen=True)
class Guard:
    """What is kept of a host before a change, and how it is brought back.

    + name: one for each role that has a guard
    + paths: files that the change may touch; those that are not there will be removed again
    + role: the key of the Files among the steps, None if there is none
    + stamps: units whose stamps are no longer true after an undo
    + remember: shell commands that keep more in the current directory
    + undo: shell commands that follow when the files are back, in that directory; each is tried
    + further: shell commands that follow one by one until SSH greets the operator again, $client at
      $port; $status is 2 when nobody listens there, else 1
    + seconds: how long the host waits for the confirmation
    """

    name: str
    paths: tuple[str, ...] = ()
    role: str | None = None
    stamps: tuple[str, ...] = ()
    remember: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    seconds: int = 60


def directory(name: str) -> str:
    """Where the host keeps what it had; it exists exactly as long as the change is unconfirmed."""
    return f"{STATE}/guard/{name}"


def unit(name: str) -> str:
    """The timer and the service that undo."""
    return f"readyhost-undo-{name}"


def arm(guard: Guard) -> str:
    """The script that makes the host ready to undo what follows.

    A host that already waits for a confirmation keeps what it had before the first change, and
    waits from now on.
    """
    paths = list(guard.paths)
    if guard.role:
        paths.append(f"{STATE}/manifest/{guard.role}")
    stamps = [f"{STATE}/stamps/{name}.{kind}" for name in guard.stamps for kind in _KINDS]
    header = [
        f"name={guard.name} seconds={guard.seconds}",
        f"directory={directory(guard.name)} unit={unit(guard.name)}",
        f"paths={shlex.quote(_lines(paths))}",
        f"stamps={shlex.quote(' '.join(stamps))}",
        f"remember={shlex.quote(_lines(guard.remember))}",
        f"undo={shlex.quote(_lines(guard.undo))}",
        f"further={shlex.quote(_lines(guard.further))}",
        f"reach={shlex.quote(REACH.read_text())}",
    ]
    return "\n".join([*header, ARM.read_text()])


def _lines(items: tuple[str, ...] | list[str]) -> str:
    return "".join(f"{item}\n" for item in items)


def confirmed(name: str) -> str:
    """The command that ends the waiting. It fails when the host has undone the change."""
    return f"sh {directory(name)}/confirm"
