"""What the role makes of a host: the look is there, and what it found is said by each run."""

from __future__ import annotations

from collections.abc import Sequence

from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.step import Part

from .files import STATE, TIMER, UNITS, entries, packages
from .settings import Maintained

CHECKS = [f"systemd-analyze verify {UNITS}/host-maintained.service {UNITS}/{TIMER}"]
AFTERWARDS = ["systemctl daemon-reload", f"systemctl restart {TIMER}"]
# Twice its period, and a day that systemd may be late.
LATE = 15
# What the last look found, which is empty when all is well, or that there was none for long.
ASK = f"""
if [ -e {STATE}/words ]; then
  sed 's/^/told maintained /' {STATE}/words
  [ -n "$(find {STATE}/words -mtime -{LATE})" ] || late=yes
elif [ -e {UNITS}/{TIMER} ] && [ -z "$(find {UNITS}/{TIMER} -mtime -{LATE})" ]; then late=yes; fi
[ -z "${{late:-}}" ] || echo "told maintained nobody has looked at it for {LATE} days: systemctl" \\
  "status {TIMER}"
"""


def part(
    settings: Maintained,
    machine: Machine,
    *,
    apps: Sequence[str],
    env: dict[str, str],
    certbot: str,
) -> Part:
    """Have the look taken regularly. Arguments as for `entries`."""
    look = Files(
        name="Maintained | the look at what runs",
        role="maintained",
        entries=entries(settings, machine, apps=apps, env=env, certbot=certbot),
        checks=CHECKS,
        commands=AFTERWARDS,
    )
    return Part("maintained", (look,), packages=tuple(packages()), warnings=tuple(words(machine)))


def words(machine: Machine) -> list[str]:
    """What a run says at its end: what the last look found, or nothing."""
    return [f"not maintained: {' '.join(line)}" for line in machine.tells("maintained")]
