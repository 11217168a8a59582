"""A restore, from the question to the end: what is overwritten, yes or no, and then all of it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from . import application, dump, files, moments, replacement, retrieval
from .configuration import Configuration, Repository
from .errors import BackupError
from .moments import Moment


def confirmed(
    configuration: Configuration,
    options: argparse.Namespace,
    arguments: Sequence[str],
    program: str,
) -> int:
    """Say what will be overwritten, ask, and go on as a unit that survives a lost connection."""
    if os.geteuid() != 0:
        raise BackupError("only root can do that; use sudo")
    print("".join(f"{line}\n" for line in plan(configuration, options)), end="", flush=True)
    if options.plan:
        return 0
    if not options.yes:
        if not sys.stdin.isatty():
            raise BackupError("nothing was done: say --yes where nobody can be asked")
        if input("Restore? Type yes: ").strip() != "yes":
            raise BackupError("nothing was done")
    command = ["systemd-run", "--quiet", "--wait", "--pipe", "--collect", "--"]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return os.execvp(command[0], [*command, program, *arguments])  # noqa: S606


def plan(configuration: Configuration, options: argparse.Namespace) -> list[str]:
    """What a restore would overwrite, a line each."""
    repository, moment = _source(configuration, options)
    lines = []
    if options.what in ("database", "all"):
        lines += replacement.describe(configuration, repository, moment)
    if options.what in ("files", "all"):
        snapshot = retrieval.choose(repository, files.TAG, moment)
        paths = ", ".join(options.path or configuration.paths)
        lines.append(f"files below {paths} are OVERWRITTEN by those of {snapshot['time'][:19]}")
    if options.what == "dump":
        name = _database(configuration, options)
        snapshot = retrieval.choose(repository, dump.TAG, moment)
        what = f"the rows of {options.table}" if options.table else f"the database {name}"
        lines.append(f"{what} are REPLACED by those of the dump of {snapshot['time'][:19]}")
    return lines


def act(configuration: Configuration, options: argparse.Namespace) -> None:
    """Do it."""
    repository, moment = _source(configuration, options)
    if options.what in ("files", "all"):
        retrieval.restore_files(configuration, repository, moment, options.path)
    if options.what in ("database", "all"):
        replacement.restore(configuration, repository, moment)
    if options.what == "dump":
        name = _database(configuration, options)
        stopped = application.stop(configuration.app)
        try:
            retrieval.restore_dump(configuration, repository, moment, name, options.table)
        finally:
            application.start(stopped)


def _source(configuration: Configuration, options: argparse.Namespace) -> tuple[Repository, Moment]:
    name = options.repository or configuration.repositories[0].name
    return configuration.repository(name), moments.parse(options.to)


def _database(configuration: Configuration, options: argparse.Namespace) -> str:
    name = options.database or configuration.databases[0]
    if name not in configuration.databases:
        raise BackupError(f"{name} is none of {', '.join(configuration.databases)}")
    return name
