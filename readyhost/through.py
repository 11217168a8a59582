"""One command of another's, as if it were this one: its bytes, its terminal, its exit status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO, Protocol

from .shown import Lines, Screen

PIECE = 65_536  # bytes that are read at once


class Shown(Protocol):
    """What of the bytes of others is let through."""

    def shown(self, more: bytes, *, last: bool = False) -> bytes: ...


def through(command: Sequence[str], *, terminal: bool) -> int:
    """Run ssh (255 is its own failure, everything else the remote command's). terminal: whether the
    remote program has this terminal. A pipe or a file gets every byte as it is."""
    out: Shown = Screen() if terminal else Lines()
    ways = {sys.stdout: out, sys.stderr: Lines()}
    watched = [stream.isatty() for stream in ways]
    sys.stdout.flush()
    if not any(watched):
        os.execvp(command[0], list(command))  # noqa: S606 - no shell is wanted
    # One of its own: what is typed, the window's size and Ctrl-C reach it as they would alone.
    process = subprocess.Popen(
        list(command),
        stdout=subprocess.PIPE if watched[0] else None,
        stderr=subprocess.PIPE if watched[1] else None,
    )
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: process.send_signal(got))
    pipes = zip((process.stdout, process.stderr), ways.items(), strict=True)
    threads = [
        threading.Thread(target=_copy, args=(pipe, stream.fileno(), shown), daemon=True)
        for pipe, (stream, shown) in pipes
        if pipe
    ]
    for thread in threads:
        thread.start()
    status = process.wait()
    for thread in threads:
        thread.join(1)  # somebody it left behind may still hold the pipe
    return status if status >= 0 else 128 - status


def _copy(pipe: IO[bytes], to: int, shown: Shown) -> None:
    while piece := os.read(pipe.fileno(), PIECE):
        _write(to, shown.shown(piece))
    _write(to, shown.shown(b"", last=True))


def _write(to: int, text: bytes) -> None:
    while text:
        text = text[os.write(to, text) :]
