"""Processor time of a start: pyinfra, the settings' model and the roles, and nothing of a host."""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median

from vagrant.driver import ROOT

TIMES = 11

READ = """
import sys
from readyhost import start
sys.argv = ["pyinfra", "--version"]
try:
    start.begin()
except SystemExit:
    pass
import settings, roles.core.begin, roles.core.execute, roles.core.meanwhile, roles.wanted
start.leave(0)
"""
"""What the program does that is called `pyinfra`, then what an inventory and deploy.py import, and
the end of it."""


def start() -> float:
    """Seconds of processor time, the median of several; the first fills the disk's cache."""
    return median([once() for _ in range(TIMES + 1)][1:])


def once() -> float:
    before = _used()
    command = [sys.executable, "-c", READ]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return _used() - before


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
