"""A command whose output says when each of its parts began."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Timed:
    """Seconds that a command took in all, and each line of its output with when it came."""

    seconds: float
    lines: list[tuple[float, str]] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "\n".join(line for _, line in self.lines)


def timed(
    command: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
) -> Timed:
    """Run `command` to its end. Raises RuntimeError with its last lines when it fails."""
    begin = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout  # noqa: S101 - for the type checker
        lines = [(time.monotonic() - begin, line.rstrip("\n")) for line in process.stdout]
    seconds = time.monotonic() - begin
    if process.returncode:
        last = "\n".join(line for _, line in lines[-40:])
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {process.returncode}\n{last}")
    return Timed(seconds, lines)
