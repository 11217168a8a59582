"""What `readyhost ENV load` takes; apart, so that no other command imports what a test needs."""

from __future__ import annotations

import argparse
from pathlib import Path


def again(options: argparse.Namespace) -> list[str]:
    """The same test as words of a command line: nobody is asked anything, and it stays attached."""
    named = ("host", "application", "users", "stage_seconds", "arrivals", "soak", "scenario")
    given = {name: getattr(options, name) for name in named}
    words = [
        word
        for name, value in given.items()
        if value is not None
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    alone = ["--single-process"] if options.single_process else []
    return [*words, *alone, "--yes", options.environment]


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
    add("--detach", action="store_true", help="go on when this terminal or connection has gone")
    add("--yes", metavar="ENV", help="the environment's name, where [load] allowed is not set")
