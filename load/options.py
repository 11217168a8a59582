"""What `readyhost ENV load` takes; apart, so that no other command imports what a test needs."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `readyhost ENV load` takes."""
    add = parser.add_argument
    add("--host", help="a host of the inventory, by name or address")
    add("--application", help="one of several applications, by name")
    add("--users", default="100,200,500,1000", help="at the same time, a stage each")
    add("--stage-seconds", type=float, default=60, help="how long each stage takes")
    add("--arrivals", type=float, default=10, metavar="RATE",
        help="requests a second that come by the clock, answered or not; 0: none")  # fmt: skip
    add("--soak", type=float, metavar="HOURS", help="one stage, so long; says what grows")
    add("--single-process", action="store_true", help="one web process against all of them")
    add("--write-scenario", action="store_true", help="inventories/ENV/load.py, from Nginx's log")
    add("--scenario", type=Path, help="another file than inventories/ENV/load.py")
    add("--yes", metavar="ENV", help="the environment's name, where [load] allowed is not set")
