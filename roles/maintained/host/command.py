"""The command line: what the timer says, and what an operator says."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timezone

from roles.core.host.clock import stamp
from roles.core.host.errors import HostError, require_root
from roles.core.host.shown import plain_terminals

from . import configuration, record
from .findings import NOTE
from .look import last_days, look

FAILED = 1
WARNING, NOTICE = "<4>", "<5>"  # priorities, as the journal takes them at the begin of a line


def main(arguments: Sequence[str] | None = None) -> int:
    """Show what the last look found, or look. Exit status: 1 when something is wrong or nobody
    looked yet."""
    plain_terminals()
    parser = argparse.ArgumentParser(prog="host-maintained", description=__doc__)
    parser.add_argument(
        "command", nargs="?", choices=("show", "look"), default="show",
        help="show: what the last look found (the default); look: look now",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    try:
        require_root()
    except HostError as error:
        print(error, file=sys.stderr)
        return FAILED
    if options.command == "look":
        now, told = datetime.now(timezone.utc), configuration.load()
        found = look(told, now.date())
        record.write(found, stamp(now.timestamp()), last_days(told))
    return show(in_journal="JOURNAL_STREAM" in os.environ)


def show(in_journal: bool = False) -> int:
    """Print what the last look found."""
    last = record.read()
    if last is None:
        print("nobody has looked yet: host-maintained look", file=sys.stderr)
        return FAILED
    for each in last["findings"]:
        mark = (NOTICE if each["level"] == NOTE else WARNING) if in_journal else ""
        print(f"{mark}{each['level']}: {each['text']}")
    if last["maintained"]:
        print(f"{NOTICE if in_journal else ''}all is maintained, as of {last['looked']}")
        return 0
    # The timer's unit has done what it is for; a failed unit would say that it had not.
    return 0 if in_journal else FAILED
