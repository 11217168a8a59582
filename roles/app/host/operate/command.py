"""The command line of NAME-command: what an operator does on the host, or `readyhost` for him."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from .. import slots
from ..errors import ReleaseError
from ..layout import Layout
from . import logs, run, sandbox, status

WORDS = "--words"
FAILED = 1
READ_ONLY = ("PGOPTIONS", "-c default_transaction_read_only=on")
# Its words stay those that were given: the server's address and password come by variables.
REDIS = (
    'exec redis-cli -h "$REDIS_HOST" -p "$REDIS_PORT" -n "$REDIS_DATABASE" --user "$REDIS_USER"'
    ' --no-auth-warning ${REDIS_CA_FILE:+--tls --cacert "$REDIS_CA_FILE"} "$@"'
)


def main(name: str, arguments: Sequence[str] | None = None) -> int:
    """Do one thing for the application `name`. Exit status: the command's own, or 1 with the reason
    on stderr. `readyhost` gives its arguments by a file, which no log of a command line has."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == [WORDS]:
        arguments = _taken(arguments[1])
    before, after = _split(list(arguments))
    options = _parser(name).parse_args(before)
    layout = Layout(name)
    try:
        if os.geteuid() != 0:
            raise ReleaseError("only root can do that; use sudo")
        if options.command == "logs":
            return logs.show(layout, options)
        if options.command == "status":
            print(status.screen(layout))
            return 0
        return run.run(layout, _wish(layout, options, after))
    except ReleaseError as error:
        print(f"{name}-command: {error}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0


def _taken(path: str) -> list[str]:
    """The arguments in a file of whoever called sudo; the file is gone then."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor) as file:
        if os.fstat(descriptor).st_uid != int(os.environ.get("SUDO_UID", os.geteuid())):
            raise SystemExit(f"{path}: not yours")
        words = json.load(file)
    os.unlink(path)  # noqa: PTH108 - as it was opened
    return [str(word) for word in words]


def _parser(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"{name}-command", description=f"Commands of {name}.")
    commands = parser.add_subparsers(dest="command", required=True)
    who = os.environ.get("SUDO_USER") or os.environ.get("USER") or "root"
    texts = {
        "run": "-- COMMAND...: a command in the application's place",
        "shell": "a shell there",
        "psql": "[-- ARGUMENTS]: the database, as the application's role",
        "redis-cli": "[-- ARGUMENTS]: Redis, as the application's user",
    }
    for command, text in texts.items():
        part = commands.add_parser(command, help=text)
        part.add_argument("--by", default=who, help="who does it, for the record")
        if command == "psql":
            part.add_argument("--read-only", action="store_true", help="transactions write nothing")
    logs.arguments(commands.add_parser("logs", help="what all processes and Nginx say, by time"))
    commands.add_parser("status", help="one screen: releases, processes, memory, health, backups")
    return parser


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What is for this program, and what behind `--` for another one."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


def _wish(layout: Layout, options: argparse.Namespace, words: list[str]) -> run.Wish:
    kind = options.command
    if kind == "run":
        if not words:
            raise ReleaseError("run what? Such as: run -- python manage.py createsuperuser")
        return run.Wish(words, kind, words, options.by)
    if kind == "shell":
        return run.Wish(["bash", *words], kind, words, options.by)
    env = [("PSQL_HISTORY", "/dev/null"), ("REDISCLI_HISTFILE", "/dev/null")]
    program = ["psql"] if kind == "psql" else ["sh", "-c", REDIS, "redis-cli"]
    if kind == "psql" and options.read_only:
        env.append(READ_ONLY)
    live = slots.live(layout)
    files = (sandbox.env_file(layout, live),) if live else ()
    sandbox.require(layout.name, kind, files)
    return run.Wish([*program, *words], kind, words, options.by, files, tuple(env))
