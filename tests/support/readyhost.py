"""The operator's command, as a person at a terminal or a script uses it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vagrant.driver import ROOT, Box, Completed

READYHOST = ROOT / ".venv" / "bin" / "readyhost"
ENVIRONMENT = "vagrant"


def command(*arguments: str) -> list[str]:
    return [str(READYHOST), ENVIRONMENT, *arguments]


def environment(box: Box, values: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**box.environment(values or {}), "PYTHONPATH": str(ROOT), "TERM": "xterm"}


def readyhost(
    box: Box, *arguments: str, stdin: str = "", timeout: float = 60, **values: str
) -> Completed:
    """Without a terminal; `values` are settings of this one."""
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(box, values),
        input=stdin,
        text=True,
        capture_output=True,
        timeout=timeout,
        check=False,
    )


def begun(box: Box, *arguments: str) -> subprocess.Popen[str]:
    """One that goes on; the caller ends it."""
    return subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env=environment(box),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )


@dataclass
class Terminal:
    """Somebody at a terminal of `rows` and `columns`."""

    arguments: Sequence[str]
    env: Mapping[str, str]
    rows: int = 33
    columns: int = 77
    seen: str = ""
    read: int = 0
    descriptor: int = field(init=False)
    pid: int = field(init=False)

    def __enter__(self) -> Terminal:
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execvpe(self.arguments[0], list(self.arguments), dict(self.env))
        self.resize(self.rows, self.columns)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)

    def resize(self, rows: int, columns: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, size)

    def write(self, text: str) -> None:
        os.write(self.descriptor, text.encode())

    def wait_for(self, text: str, seconds: float = 40) -> None:
        """Go on until `text` has come, after what was waited for before."""
        end = time.monotonic() + seconds
        while (at := self.seen.find(text, self.read)) < 0:
            assert time.monotonic() < end, f"no {text!r} in {self.seen!r}"
            assert self._more(), f"it ended without {text!r}: {self.seen!r}"
        self.read = at + len(text)

    def ended(self, seconds: float = 40) -> int:
        """Read to the end; the exit status."""
        end = time.monotonic() + seconds
        while self._more():
            assert time.monotonic() < end, f"it does not end: {self.seen!r}"
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _more(self) -> bool:
        if not select.select([self.descriptor], [], [], 0.2)[0]:
            return True
        try:
            piece = os.read(self.descriptor, 4096)
        except OSError:
            return False
        self.seen += piece.decode(errors="replace")
        return bool(piece)


def at_terminal(box: Box, *arguments: str) -> Terminal:
    return Terminal(command(*arguments), environment(box))
