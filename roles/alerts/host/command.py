"""The command line: what fires, what is silent, and a test."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from roles.core.host.errors import HostError, require_root
from roles.core.host.shown import plain_terminals

from . import manager, proof, silence

FAILED = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one thing. Exit status: 1 when it could not be done."""
    plain_terminals()
    options = _parser().parse_args(arguments)
    try:
        require_root()
        if options.command == "list":
            lines: Iterator[str] = listed(manager.firing(), manager.silences())
        elif options.command == "silence":
            said = silence.silence(options.alert, options.last, options.reason, options.by)
            lines = iter([said])
        else:
            lines = proof.run()
        for line in lines:
            print(line, flush=True)
    except HostError as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def listed(firing: list[dict[str, Any]], silences: list[dict[str, Any]]) -> Iterator[str]:
    """A block for each alert that fires, a line for each silence."""
    for each in sorted(firing, key=lambda alert: str(alert["startsAt"])):
        labels, told = each["labels"], each["annotations"]
        state = "" if each["status"]["state"] == "active" else ", told to nobody now"
        yield f"{labels.get('severity', '?')}: {labels['alertname']}: {told.get('summary')}{state}"
        yield f"  since {each['startsAt'][:19]}Z: {told.get('evidence', '')}"
        yield f"  look: {told.get('command', '')} ({told.get('runbook', '')})"
    if not firing:
        yield "nothing fires"
    for each in silences:
        name, why = each["matchers"][0]["value"], f"{each['createdBy']}: {each['comment']}"
        yield f"silent until {each['endsAt'][:16]}Z: {name} ({why})"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="readyhost-alerts", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="what fires now")
    quiet = commands.add_parser("silence", help="tell nobody of an alert for a while")
    quiet.add_argument("alert")
    quiet.add_argument("--for", dest="last", required=True, help="30m, 2h or 3d")
    quiet.add_argument("--reason", required=True)
    quiet.add_argument("--by", default="root")
    commands.add_parser("test", help="send one through the whole path")
    return parser
