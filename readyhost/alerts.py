"""What fires on the hosts, silences, and a test of the way that alerts take."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from roles.core.who import operator

from . import hosts, ssh, streams

COMMANDS = ("alerts", "silence", "alert-test")
PROGRAM = "readyhost-alerts"
WHY = "alerts.enabled is not set, or not deployed"


def arguments(commands: Any) -> None:
    """Their options, for the command line's parser."""
    for command in COMMANDS:
        part = commands.add_parser(command)
        part.add_argument("--host", help="a host of the inventory, by name or address")
        if command == "silence":
            part.add_argument("alert", metavar="ALERT", help="its name, as in docs/alerts.md")
            part.add_argument("--for", dest="last", required=True, help="30m, 2h or 3d")
            part.add_argument("--reason", required=True, help="for who looks at it later")


def run(chosen: Sequence[hosts.Host], options: argparse.Namespace) -> int:
    """The same on each host, one after the other; returns the worst exit status."""
    worst = 0
    for host in chosen:
        if len(chosen) > 1:
            print(f"{host.name}:", file=sys.stderr)
        asked = {host.name: ssh.program(host, PROGRAM, wish(options), why=WHY)}
        worst = max(worst, streams.show(asked, follow=False))
    return worst


def wish(options: argparse.Namespace) -> list[str]:
    """What the host's program is told."""
    if options.command == "alerts":
        return ["list"]
    if options.command == "alert-test":
        return ["test"]
    given = ["--for", options.last, "--reason", options.reason, "--by", operator()]
    return ["silence", *given, "--", options.alert]
