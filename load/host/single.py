"""One web process alone, and all of them again. Nothing of a release changes: the others are
stopped, and Nginx passes over those that do not answer."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable

from load.host.exemption import FOLDER
from load.host.units import live_slot

STOPPED = FOLDER / ".stopped"
WEB = re.compile(
    r"^(?P<kind>.+?-web-(?P<slot>blue|green)(?:-proxy)?)@(?P<number>\d+)\.(?P<type>service|socket)$"
)


def further(units: Iterable[str], live: str = "") -> list[str]:
    """Of each kind of unit all but the first one; of the `live` slot, if a host has one: the other
    may have the release before, frozen.

    >>> further(["a-web-blue@1.service", "a-web-blue@2.service", "a-worker-blue@2.service"])
    ['a-web-blue@2.service']
    """
    every = (match for unit in units if (match := WEB.match(unit)))
    found = [match for match in every if live in ("", match["slot"])]
    least = min((int(match["number"]) for match in found), default=0)
    return sorted(match[0] for match in found if int(match["number"]) > least)


def single(app: str) -> list[str]:
    """Leave one web process; returns the units that were stopped, noted for whoever starts them."""
    listed = _said("list-units", "--plain", "--no-legend", "--state=active", f"{app}-web-*@*")
    units = further(
        (line.split()[0] for line in listed.splitlines() if line.strip()), live_slot(app)
    )
    if units:
        STOPPED.write_text("\n".join(units) + "\n")
        _said("stop", *units)
    return units


def all(app: str) -> list[str]:
    """Start them again."""
    if not STOPPED.exists():
        return []
    units = STOPPED.read_text().split()
    _said("start", *units)
    STOPPED.unlink()
    return units


def _said(*words: str) -> str:
    return subprocess.run(["systemctl", *words], capture_output=True, text=True, check=False).stdout
