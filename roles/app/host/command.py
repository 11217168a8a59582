"""The command line: what an operator says on the host, and what the toolkit says from outside."""

from __future__ import annotations

import argparse
import base64
import json
import os
import sys
from dataclasses import asdict

from . import build, listing, rollback, slots, state
from .errors import ReleaseError
from .layout import Layout

FAILED = 1
HERE = "--here"


def main(name: str, arguments: list[str] | None = None) -> int:
    """Run one command for the application `name`. Exit status: 0, or 1 with the reason on stderr.

    What changes something runs as a unit of its own, so that a lost connection or Ctrl-C ends
    neither the release nor half of it.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser(name).parse_args([a for a in arguments if a != HERE])
    layout = Layout(name)
    try:
        if options.command in ("list", "status") or getattr(options, "plan", False):
            print(_ask(layout, options))
            return 0
        if os.geteuid() != 0:
            raise ReleaseError("only root can do that; use sudo")
        if HERE not in arguments:
            if options.command == "deploy" and options.archive:
                _receive(layout, options.commit)
            return _detach(layout, arguments, options.by)
        _act(layout, options)
    except ReleaseError as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{name}-release", description=f"Releases of {name}.")
    commands = parser.add_subparsers(dest="command", required=True)
    who = os.environ.get("SUDO_USER") or os.environ.get("USER") or "root"

    listed = commands.add_parser("list", help="the releases on this host")
    listed.add_argument("--json", action="store_true")
    status = commands.add_parser("status", help="what is live, and whether it is as it should be")
    deployed = commands.add_parser("deploy", help="make live what the toolkit has defined")
    for part in (status, deployed):
        part.add_argument("--tag", required=part is deployed)
        part.add_argument("--commit", default="")
        part.add_argument("--identity", default="")
    deployed.add_argument("--archive", action="store_true", help="files come by standard input")
    activated = commands.add_parser("activate", help="make a release live that is built")
    activated.add_argument("tag")
    back = commands.add_parser("rollback", help="make the release before live again")
    back.add_argument("tag", nargs="?")
    back.add_argument("--plan", action="store_true", help="say which one, and do nothing")
    deployed.add_argument("--back", action="store_true", help="it is an earlier release")
    for part in (deployed, activated, back):
        part.add_argument("--by", default=who, help="who does it, for the record")
    return parser


def _ask(layout: Layout, options: argparse.Namespace) -> str:
    if options.command == "list":
        rows = listing.releases(layout)
        return listing.as_json(rows) if options.json else listing.table(rows)
    if options.command == "rollback":
        return json.dumps(asdict(rollback.target(layout, options.tag)))
    live = slots.started(layout, slots.live(layout))
    tag = options.tag or (live.tag if live else "")
    commit = options.commit or (live.commit if live else "")
    identity = options.identity or (live.identity if live else "")
    return json.dumps(state.read(layout, tag, commit).as_json(identity, tag))


def _act(layout: Layout, options: argparse.Namespace) -> None:
    # Here and not above: who only asks, or hands on to a unit, need not wait until it is read.
    from . import deploy

    if options.command == "deploy":
        deploy.release(layout, options.tag, options.identity, options.by, options.back)
    else:
        deploy.activate(layout, options.tag, options.by)


def _receive(layout: Layout, commit: str) -> None:
    """Take the archive that comes, in base64, by standard input."""
    path = build.archive_path(layout, commit)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            base64.decode(sys.stdin.buffer, file)
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _detach(layout: Layout, arguments: list[str], who: str) -> int:
    program = f"/usr/local/sbin/{layout.name}-release"
    unit = f"{layout.name}-release-run-{os.getpid()}"
    options = [
        "--quiet",
        "--wait",
        "--pipe",
        "--collect",
        f"--unit={unit}",
        "--setenv=LANG=C.UTF-8",
    ]
    # The one who said sudo is not known inside of the unit.
    by = [] if "--by" in arguments else ["--by", who]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.execvp("systemd-run", ["systemd-run", *options, "--", program, HERE, *arguments, *by])  # noqa: S606
