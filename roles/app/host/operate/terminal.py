"""The operator's terminal, and a command's own, which is another one: what is typed and what is
printed goes over byte by byte, and so does the size.

`systemd-run --pty` means to do the same. systemd 255 (Ubuntu 24.04) may lose the last words of a
command that ends soon, and then waits for them for ever.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import subprocess
import termios
import tty
from contextlib import suppress
from typing import Any

from .ending import Left

PIECE = 65_536  # bytes that are read at once
HELD = 262_144  # bytes; the kernel keeps less of what nobody has read
IN, OUT = 0, 1
_KIND = re.compile(r"[A-Za-z0-9.+_-]{1,64}")


class Terminal:
    """The command's terminal while it runs; the operator's passes every key on."""

    def __enter__(self) -> Terminal:
        self._ours, self._theirs = os.openpty()
        os.set_blocking(self._ours, False)
        self._resize()
        self._handler: Any = signal.signal(signal.SIGWINCH, self._resize)
        self._before = termios.tcgetattr(IN)
        tty.setraw(IN, termios.TCSANOW)  # keeps what was typed already
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGWINCH, self._handler)
        with suppress(termios.error):  # it may be gone
            termios.tcsetattr(IN, termios.TCSANOW, self._before)
        os.close(self._ours)
        os.close(self._theirs)

    def properties(self) -> list[tuple[str, str]]:
        """What has systemd run a unit at it."""
        kind = os.environ.get("TERM", "")
        return [
            *((f"Standard{way}", "tty") for way in ("Input", "Output", "Error")),
            ("TTYPath", os.ttyname(self._theirs)),
            *([("Environment", f"TERM={kind}")] if _KIND.fullmatch(kind) else []),
        ]

    def carry(self, process: subprocess.Popen[bytes]) -> int:
        """Pass on until `process`, the unit's systemd-run, has ended: its exit status. Raises Left
        when the operator's terminal is gone."""
        end = os.pidfd_open(process.pid)
        typed = b""
        try:
            while True:
                reading = [self._ours, end] if typed else [self._ours, end, IN]
                ready = select.select(reading, [self._ours] if typed else [], [])
                if self._ours in ready[0]:
                    self._print()
                if IN in ready[0]:
                    typed = _read()
                if ready[1]:
                    with suppress(BlockingIOError):
                        typed = typed[os.write(self._ours, typed) :]
                if end in ready[0]:
                    self._print_rest()
                    return process.wait()
        finally:
            os.close(end)

    def _print_rest(self) -> None:
        """Show what the kernel has still of a command that has ended. Another process of the
        application's could write for ever."""
        left = HELD
        while left > 0 and (size := self._print()):
            left -= size

    def _print(self) -> int:
        """Show what the command has printed. Returns how many bytes that were."""
        try:
            text = os.read(self._ours, PIECE)
        except BlockingIOError:
            return 0
        left = text
        while left:
            left = left[os.write(OUT, left) :]
        return len(text)

    def _resize(self, *_: object) -> None:
        with suppress(OSError):  # it may be gone
            size = fcntl.ioctl(IN, termios.TIOCGWINSZ, bytes(8))
            fcntl.ioctl(self._ours, termios.TIOCSWINSZ, size)


def _read() -> bytes:
    """What was typed. Raises Left when nobody can type any more."""
    try:
        typed = os.read(IN, PIECE)
    except OSError:
        typed = b""
    if not typed:
        raise Left
    return typed
