"""readyhost ENV COMMAND: what there is to do on an environment's hosts besides deploying."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from load.options import add_options
from roles.core.errors import OperatorError
from roles.core.who import operator
from roles.monitoring.names import PROMETHEUS_PORT

from . import alerts, drift, hosts, runs, ssh, streams
from .through import through
from .tunnel import tunnel
from .version import version

USAGE = """\
readyhost ENV run [--host HOST] -- COMMAND ...      a command in the application's place
readyhost ENV shell [--host HOST]                   a shell there
readyhost ENV psql [--read-only] [-- ARGUMENTS]     the database, as the application's role
readyhost ENV redis-cli [-- ARGUMENTS]              Redis, as the application's user
readyhost ENV logs [-f] [--since WHEN] [--grep REGEX] [--request ID]
readyhost ENV status
readyhost ENV alerts [--host HOST]                  what fires now, and what is silent
readyhost ENV silence ALERT --for 2h --reason TEXT  tell nobody of it for a while
readyhost ENV alert-test                            one alert through the whole path
readyhost ENV drift [--host HOST]                   what differs: 0 nothing, 2 something
readyhost ENV dashboard [--host HOST] [--to FOLDER]  what was measured, as a page of HTML
readyhost ENV prometheus [--host HOST] [--port PORT]  Prometheus' own page, on this machine
readyhost ENV load [--write-scenario] [--users 100,200] [--soak HOURS]    a load test
readyhost ENV remove NAME [--yes]                   what is kept of an application that is gone
readyhost ENV deploy|ready|rollback|releases|restore [--host HOST] [-- OPTIONS]
                                                    as pyinfra inventories/ENV.py deploy.py OPTIONS
readyhost --version

With several applications --application NAME says whose, in all that are of one.
ENV is inventories/ENV.py. docs/commands.md has examples and limits.
"""
MEASURED = ("dashboard", "prometheus")
LOCAL = 2  # exit status for what is wrong before any host is asked


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one thing; returns the exit status: of `run` and its like that of the command."""
    before, after = _split(sys.argv[1:] if arguments is None else list(arguments))
    options = _parser().parse_args(before)
    try:
        _require(options.command, after)
        environment = hosts.read(options.environment)
        chosen = environment.only(options.host)
        return _done(environment, chosen, options, after)
    except OperatorError as error:
        print(f"readyhost: {error}", file=sys.stderr)
        return drift.NOT_ASKED if options.command in ("drift", "ready") else LOCAL
    except KeyboardInterrupt:
        return streams.INTERRUPTED


def _done(
    environment: hosts.Environment,
    chosen: Sequence[hosts.Host],
    options: argparse.Namespace,
    after: Sequence[str],
) -> int:
    name = chosen[0].name if getattr(options, "host", None) else None
    if options.command in runs.COMMANDS:
        runs.run(options.environment, options.command, name, after)
    if options.command == "drift":
        return drift.drift(options.environment, name, len(chosen))
    if options.command in (*MEASURED, *alerts.COMMANDS):
        act = alerts.run if options.command in alerts.COMMANDS else _measured
        return act(chosen, options)
    if options.command == "load":
        from load.command import load

        return load(environment, options)
    if options.command == "remove":
        return _remove(chosen, options)
    if options.command == "status":
        named = options.application
        apps = environment.apps if named is None else (environment.app(named),)
        return max(_status(app, chosen) for app in apps)
    return _of_application(environment, chosen, options, after)


def _of_application(
    environment: hosts.Environment,
    chosen: Sequence[hosts.Host],
    options: argparse.Namespace,
    after: Sequence[str],
) -> int:
    app = environment.app(options.application)
    if options.command == "logs":
        return _logs(app, chosen, options)
    # Of several hosts the first: a command is run once.
    return _command(app, chosen[0], options, after)


ALONE = ("logs", "status", "drift", "remove", "load")
"""Commands that pass nothing on."""


def _require(command: str, after: Sequence[str]) -> None:
    if after and command in (*ALONE, *MEASURED, *alerts.COMMANDS):
        raise OperatorError(f"{command} takes nothing behind --")
    if command == "run" and not after:
        raise OperatorError("run what? readyhost ENV run -- COMMAND ...")


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What is for readyhost, and what behind `--` for another program."""
    if "--" not in arguments:
        return arguments, []
    at = arguments.index("--")
    return arguments[:at], arguments[at + 1 :]


class _Parser(argparse.ArgumentParser):
    """A slip of the keyboard is no finding of `drift`, whose exit status for one is 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(drift.NOT_ASKED, f"readyhost: {message}\n{USAGE}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="readyhost", usage=USAGE)
    parser.add_argument("--version", action="version", version=f"readyhost {version()}")
    parser.add_argument("environment", metavar="ENV")
    commands = parser.add_subparsers(dest="command", required=True)
    for command in ("run", "shell", "psql", "redis-cli", "logs", "status", "drift"):
        part = commands.add_parser(command)
        part.add_argument("--host", help="a host of the inventory, by name or address")
        if command != "drift":
            part.add_argument("--application", help="one of several applications, by name")
        if command == "psql":
            part.add_argument("--read-only", action="store_true", help="transactions write nothing")
        if command == "logs":
            part.add_argument("-f", "--follow", action="store_true", help="go on as lines come")
            for option in ("--since", "--grep", "--request"):
                part.add_argument(option, default="")
    for command in (*MEASURED, *runs.COMMANDS):
        part = commands.add_parser(command)
        part.add_argument("--host", help="a host of the inventory, by name or address")
    commands.choices["dashboard"].add_argument("--to", type=Path, default=Path(), metavar="FOLDER")
    commands.choices["prometheus"].add_argument("--port", type=int, default=9090)
    alerts.arguments(commands)
    add_options(commands.add_parser("load"))
    removed = commands.add_parser("remove")
    removed.add_argument("--host", help="a host of the inventory, by name or address")
    removed.add_argument("name", metavar="NAME")
    removed.add_argument("--yes", action="store_true", help="do it, and do not only say what goes")
    return parser


def _measured(chosen: Sequence[hosts.Host], options: argparse.Namespace) -> int:
    if options.command == "prometheus":
        return tunnel(chosen[0], PROMETHEUS_PORT, options.port)
    from .dashboard import dashboard  # templates, which take long to import

    return dashboard(chosen, options.to)


def _remove(chosen: Sequence[hosts.Host], options: argparse.Namespace) -> int:
    worst = 0
    for host in chosen:
        wish = [options.name, *(["--yes"] if options.yes else [])]
        asked = {host.name: ssh.program(host, "readyhost-remove", wish)}
        worst = max(worst, streams.show(asked, follow=False))
    return worst


def _command(app: str, host: hosts.Host, options: argparse.Namespace, after: Sequence[str]) -> int:
    wish = [options.command, "--by", operator()]
    wish += ["--read-only"] if getattr(options, "read_only", False) else []
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return through(
        ssh.command(host, app, [*wish, "--", *after], terminal=terminal), terminal=terminal
    )


def _logs(app: str, chosen: Sequence[hosts.Host], options: argparse.Namespace) -> int:
    given = {"--since": options.since, "--grep": options.grep, "--request": options.request}
    follow = ["--follow"] if options.follow else []
    wish = ["logs", *follow, *(f"{name}={value}" for name, value in given.items() if value)]
    asked = {host.name: ssh.command(host, app, wish, terminal=False) for host in chosen}
    return streams.show(asked, follow=options.follow)


def _status(app: str, chosen: Sequence[hosts.Host]) -> int:
    worst = 0
    for host in chosen:
        asked = {host.name: ssh.command(host, app, ["status"], terminal=False)}
        status = streams.show(asked, follow=False)
        if status:
            print(f"{host.name}: exit status {status}", file=sys.stderr)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(main())
