"""One command in the application's place: started, watched to its end, and kept in the record."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from roles.core.host import disk
from roles.core.host.unit import verbatim

from .. import record, slots, systemd, user
from ..errors import ReleaseError
from ..layout import Layout
from . import ending, masked, sandbox
from .ending import Left
from .terminal import Terminal

LOOK = 0.5  # seconds between two looks whether somebody is still there to see its output
VARIABLE = "READYHOST_COMMAND"
# The command's words come by a variable: a command line is in the logs of sudo and of the audit.
# The shell stays: a service that ends by SIGINT has ended well, says systemd; the shell tells.
START = f'eval "set -- ${VARIABLE}"; unset {VARIABLE}; trap : HUP INT QUIT TERM; "$@"'


@dataclass(frozen=True)
class Wish:
    """What is to run: its words, of which kind it is (run, shell, psql, redis-cli), the words that
    were given, who wants it, and further variables and files of them."""

    words: Sequence[str]
    kind: str
    given: Sequence[str]
    who: str
    env_files: tuple[Path, ...] = ()
    env: tuple[tuple[str, str], ...] = ()


def run(layout: Layout, wish: Wish) -> int:
    """Run a command in the live release. Returns its exit status: 128 and the signal's number for
    one that was killed, 124 for one that took too long. Raises ReleaseError when it did not start.
    """
    slot = slots.live(layout)
    release = slots.started(layout, slot)
    if slot is None or release is None:
        raise ReleaseError(
            f"no release of {layout.name} is live, so there is no place to run it in"
        )
    limits = sandbox.properties(layout, slot)
    unit = f"{layout.name}-run-{os.getpid()}.service"
    file = layout.lock.with_name(f"{layout.name}-run-{os.getpid()}.env")
    terminal = os.isatty(0) and os.isatty(1)
    begin = time.monotonic()
    _note(
        layout,
        id=unit,
        who=wish.who,
        account=os.environ.get("SUDO_USER") or "root",
        kind=wish.kind,
        command=masked.arguments(wish.given),
        release=release.tag,
        terminal=terminal,
    )
    outcome = "not started"
    try:
        _write_env(file, [(VARIABLE, shlex.join(wish.words)), *wish.env])
        files = [("EnvironmentFile", str(path)) for path in (*wish.env_files, file)]
        watch = ending.Watch(layout, unit, dict(limits))
        watched = _at_terminal if terminal else _watched
        end = watch.ended(watched(unit, [*limits, *files]))
        outcome, status = end.words, end.status
        if end.said:
            say(layout, end.said)
    except Left as left:
        gone = "its connection was lost" if left.number == signal.SIGHUP else "it was told to end"
        outcome, status = f"ended: {gone}", 128 + left.number
    finally:
        systemd.attempt("reset-failed", [unit])
        file.unlink(missing_ok=True)
        _note(layout, id=unit, outcome=outcome, seconds=round(time.monotonic() - begin, 1))
    return status


def say(layout: Layout, text: str) -> None:
    """Tell the operator something that the command has not said itself."""
    os.write(2, f"{layout.name}-command: {text}\r\n".encode())


def _command(unit: str, properties: Sequence[tuple[str, str]], *options: str) -> list[str]:
    return [
        *("systemd-run", "--quiet", "--wait", f"--unit={unit}", *options),
        f"--description={unit}: a command of an operator",
        *(f"--property={name}={value}" for name, value in properties),
        *("--", "/bin/sh", "-c", verbatim(START)),
    ]


def _watched(unit: str, properties: Sequence[tuple[str, str]]) -> int:
    """Run a command to its end, with this one's pipes or files."""
    poll = select.poll()
    poll.register(1, 0)  # of the other side's going it tells unasked
    with _told(), _ends(unit, subprocess.Popen(_command(unit, properties, "--pipe"))) as process:
        while True:
            try:
                return process.wait(LOOK)
            except subprocess.TimeoutExpired:
                if poll.poll(0):
                    raise Left from None


def _at_terminal(unit: str, properties: Sequence[tuple[str, str]]) -> int:
    """Run a command to its end, at a terminal of its own."""
    with _told(), Terminal() as terminal:
        command = _command(unit, [*properties, *terminal.properties()])
        with _ends(unit, subprocess.Popen(command, stdin=subprocess.DEVNULL)) as process:
            return terminal.carry(process)


@contextmanager
def _ends(unit: str, process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Whoever goes, or has it end, ends what it started."""
    try:
        yield process
    except Left:
        systemd.attempt("stop", [unit])
        process.wait()
        raise


@contextmanager
def _told() -> Iterator[None]:
    def leave(number: int, frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)
        raise Left(number)

    before: dict[signal.Signals, Any] = {}
    for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        before[each] = signal.signal(each, leave)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _write_env(file: Path, variables: Sequence[tuple[str, str]]) -> None:
    try:
        text = "".join(f"{name}={user.quoted(value)}\n" for name, value in variables).encode()
    except UnicodeEncodeError:
        raise ReleaseError("the command is not UTF-8, which systemd wants") from None
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    disk.write(file, text, 0o600)


def _note(layout: Layout, **entry: Any) -> None:
    os.close(os.open(layout.commands, os.O_WRONLY | os.O_CREAT, 0o600))
    record.append(layout.commands, **entry)
