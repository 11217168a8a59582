"""Running the engines: as which user, and what they said when they failed."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from .errors import BackupError, advised
from .session import OPTIONS

SHOWN = 12  # last lines of a failed program's words
LEAVE = 10  # seconds that it has to end by itself
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def run(
    command: Sequence[str],
    *,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | IO[bytes] | None = None,
    output: IO[bytes] | None = None,
    forgiven: Sequence[int] = (),
) -> str:
    """What a program prints. Raises BackupError with its last words and advice.

    Secrets come by `env` or `stdin`, text or a file, never in `command`; output: a file that takes
    what it prints.
    """
    done = attempt(command, user=user, env=env, stdin=stdin, output=output)
    if done.returncode not in (0, *forgiven):
        said = (done.stderr or "") + ("" if output else done.stdout or "")
        lines = [line for line in said.splitlines() if line.strip() and line.isprintable()][-SHOWN:]
        raise BackupError(advised("\n".join([f"{Path(command[0]).name} failed:", *lines])))
    return done.stdout or ""


def attempt(
    command: Sequence[str],
    *,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    stdin: str | IO[bytes] | None = None,
    output: IO[bytes] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program, and leave it to the caller what its exit status means."""
    text = None
    if stdin is None or isinstance(stdin, str):
        text, stdin = stdin or "", None
    prefix = ["runuser", "-u", user, "--"] if user else []
    session = {"PGOPTIONS": OPTIONS} if user else {}
    with subprocess.Popen(
        [*prefix, *command],
        cwd="/",
        env={"PATH": PATH, "LANG": "C.UTF-8", "HOME": "/root", **session, **(env or {})},
        stdin=stdin or subprocess.PIPE,
        stdout=output or subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            out, said = process.communicate(text)
        except BaseException:  # out of time, or of room: nothing of it goes on behind our back
            _end(process)
            raise
    return subprocess.CompletedProcess(process.args, process.returncode, out, said)


def _end(process: subprocess.Popen[str]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(LEAVE)
