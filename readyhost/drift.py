"""readyhost ENV drift: what differs on the hosts, as an exit status that a timer can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .hosts import ROOT

NOTHING, NOT_ASKED, SOMETHING = 0, 1, 2  # exit statuses


def drift(environment: str, limit: str | None, count: int) -> int:
    """Have pyinfra ask the hosts of an environment, or the one called `limit`. count: how many.
    Returns the exit status."""
    only = ["--limit", limit] if limit else []
    pyinfra = str(Path(sys.executable).with_name("pyinfra"))
    command = [pyinfra, "--dry", f"inventories/{environment}.py"]
    with tempfile.TemporaryDirectory() as folder:
        values = {**os.environ, "DRIFT_FOLDER": folder}
        done = subprocess.run([*command, "drift.py", *only], cwd=ROOT, env=values, check=False)
        told = [json.loads(path.read_text()) for path in Path(folder).iterdir()]
    if done.returncode or len(told) != count:
        return NOT_ASKED
    return SOMETHING if any(told) else NOTHING
