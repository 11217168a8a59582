"""A test that goes on when the terminal, or the connection to the machine that asks, has gone."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from readyhost.hosts import ROOT
from roles.core.errors import OperatorError
from roles.core.plain import plain

BEGUN = "under way"
PATIENCE = 60.0  # seconds: the host's side may take 30 of them to begin


def begin(place: Path, environment: str, options: Sequence[str]) -> int:
    """Start it in a session of its own, which no terminal ends; what it says goes to a file in
    `place`. options: of `readyhost ENV load`, without --detach. Returns once it is under way.

    Raises OperatorError with its own words if it ends before.
    """
    place.mkdir(parents=True, exist_ok=True)
    log = place / "under-way.log"
    words = [sys.executable, "-m", "readyhost.command", environment, "load", *options]
    with log.open("wb") as file:
        process = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=file, stderr=file,
            start_new_session=True,
        )  # fmt: skip
    end = time.monotonic() + PATIENCE
    while BEGUN not in (said := log.read_text(errors="replace")):
        if process.poll() is not None or time.monotonic() > end:
            process.terminate()
            raise OperatorError(plain(said.strip()) or "the test did not begin")
        time.sleep(0.2)
    print(f"It goes on by itself. What it says: {log}")
    print(f"End it: kill -INT {process.pid}")
    return 0
