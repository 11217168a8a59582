"""Processor time of a start: pyinfra, the settings' model and the roles, and nothing of a host."""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median

from vagrant.driver import PYINFRA, ROOT

TIMES = 11

READ = """
import sys
sys.argv = ["pyinfra", "--version"]
try:
    exec(compile(open({program!r}).read(), {program!r}, "exec"))
except SystemExit:
    pass
import settings, roles.core.begin, roles.core.execute, roles.core.meanwhile, roles.wanted
"""
"""The very program that is called `pyinfra`, then what an inventory and deploy.py import."""


def start() -> float:
    """Seconds of processor time, the median of several; the first fills the disk's cache."""
    return median([once() for _ in range(TIMES + 1)][1:])


def once() -> float:
    before = _used()
    text = READ.format(program=str(PYINFRA))
    subprocess.run([sys.executable, "-c", text], cwd=ROOT, check=True, capture_output=True)
    return _used() - before


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
