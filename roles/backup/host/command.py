"""The command line: what cron says, what an operator says, and what the toolkit says."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from roles.core.host.errors import HostError
from roles.core.host.shown import plain_terminals

from . import (
    beneath,
    database,
    drill,
    dump,
    files,
    idle_scheduling,
    job,
    listing,
    lock,
    mirror,
    monitor,
    prepared,
    redis,
    restic,
    restore,
    restore_cluster,
    restore_points,
)
from . import configuration as settings
from .arguments import parser
from .configuration import Configuration, Repository
from .errors import BackupError
from .process import run

FAILED = 1
HERE = "--here"
"""Marks the run inside of its own unit."""
PROGRAM = "/usr/local/sbin/backup"
FOLLOWED = 57  # seconds until cron starts it again
JOBS = ("database", "files", "dump", "drill")
WRITING = (*JOBS, "restore", "mirror", "discard", "stanza", "watch")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0, or 1 with the reason on stderr."""
    plain_terminals()
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser().parse_args([word for word in arguments if word != HERE])
    try:
        configuration = settings.load()
        if not configuration.has_database:
            _require_none(options)
        if options.command in WRITING and os.geteuid() == 0:
            beneath.follow_no_links(*_of_others(configuration))
        if options.command in JOBS and HERE not in arguments:
            job.bounded(configuration, [PROGRAM, *arguments, HERE])
        if options.command in JOBS:
            idle_scheduling.become_idle()
        if options.command == "restore" and HERE not in arguments:
            return restore.confirmed(configuration, options, [*arguments, HERE], PROGRAM)
        return COMMANDS[options.command](configuration, options)
    except HostError as error:
        print(error, file=sys.stderr)
        return FAILED


def _require_none(options: argparse.Namespace) -> None:
    """Nothing is asked of a database, where none is on this host."""
    if options.command in ("database", "dump", "point", "discard") or (
        options.command == "restore" and options.what in ("database", "dump")
    ):
        raise BackupError("no database is on this host: its backups are where it is")


def _of_others(configuration: Configuration) -> tuple[list[Path], list[str]]:
    """Folders that may have parts which others write to, and those that are closed whole."""
    places = [*map(Path, configuration.paths), redis.FOLDER, Path(configuration.textfile).parent]
    return places, [configuration.directory]


def _database(configuration: Configuration, options: argparse.Namespace) -> int:
    return job.recorded(
        configuration, options, lambda: (database.backup(configuration, options.kind), {})
    )


def _files(configuration: Configuration, options: argparse.Namespace) -> int:
    return job.recorded(configuration, options, lambda: (files.backup(configuration), {}))


def _dump(configuration: Configuration, options: argparse.Namespace) -> int:
    return job.recorded(configuration, options, lambda: (dump.backup(configuration), {}))


def _drill(configuration: Configuration, options: argparse.Namespace) -> int:
    if options.repository not in (None, mirror.NAME):
        configuration.repository(options.repository)  # or it says which there are

    @contextmanager
    def source() -> Iterator[Repository]:
        if options.repository == mirror.NAME:
            mirror.catch_up(configuration)  # with what was written just now
        with restore.source(configuration, options.repository, "") as repository:
            yield repository

    return job.recorded(configuration, options, lambda: (0, drill.drill(configuration, source)))


def _mirror(configuration: Configuration, options: argparse.Namespace) -> int:
    if configuration.mirror is None or prepared.is_foreign():
        return 0
    if options.follow:
        mirror.follow(configuration, FOLLOWED)
    else:
        with lock.held("any", wait=True), lock.held(mirror.NAME, wait=True):
            mirror.send(configuration)
    return 0


def _watch(configuration: Configuration, options: argparse.Namespace) -> int:
    problems = monitor.look(configuration)
    for words in monitor.due(configuration):
        if lock.is_held(words.split()[0]):  # an earlier watch has begun it
            continue
        print(f"due now, outside the schedule: backup {words}")
        script = f"systemd-cat -t backup {PROGRAM} {words}"
        run(["systemd-run", "--quiet", "--collect", "--no-block", "sh", "-c", script])
    print("".join(f"{line}\n" for line in problems), end="")
    return FAILED if problems else 0


def _list(configuration: Configuration, options: argparse.Namespace) -> int:
    print(listing.table(configuration))
    return 0


def _point(configuration: Configuration, options: argparse.Namespace) -> int:
    restore_points.make(configuration, options.name)
    return 0


def _stanza(configuration: Configuration, options: argparse.Namespace) -> int:
    if options.check:
        return 0 if prepared.is_prepared(configuration) else FAILED
    if options.reinitialise:
        restic.reinitialise()
    database.prepare(configuration)
    return 0


def _restore(configuration: Configuration, options: argparse.Namespace) -> int:
    # A second restore is refused: it was confirmed before the first had changed anything.
    with lock.held("restore"), lock.held("any", wait=True, say="waits for the job under way"):
        restore.act(configuration, options)
    return 0


def _discard(configuration: Configuration, options: argparse.Namespace) -> int:
    print("".join(f"removed {path}\n" for path in restore_cluster.discard(configuration)), end="")
    return 0


COMMANDS: dict[str, Callable[[Configuration, argparse.Namespace], int]] = {
    "database": _database,
    "files": _files,
    "dump": _dump,
    "drill": _drill,
    "mirror": _mirror,
    "watch": _watch,
    "list": _list,
    "point": _point,
    "stanza": _stanza,
    "restore": _restore,
    "discard": _discard,
}
