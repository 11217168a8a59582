"""The machine that measured, in words that fit any: figures of different ones don't compare."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from vagrant.driver import ROOT


def describe(suite: str) -> dict[str, Any]:
    """Cores, memory (GiB), suite of the boxes, how busy it was before, and what was measured."""
    memory = next(
        int(line.split()[1])
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal:")
    )
    revision = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return {
        "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "revision": subprocess.run(
            revision, cwd=ROOT, check=True, text=True, capture_output=True
        ).stdout.strip(),
        "suite": suite,
        "cores": os.cpu_count(),
        "memory_gb": round(memory / 2**20),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }
