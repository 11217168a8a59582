"""A restore, from the question to the end: what is overwritten, yes or no, and then all of it."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from roles.core.host import unit
from roles.core.host.errors import require_root

from . import application, dump, files, mirror, recovery_target, restore_cluster, restore_snapshots
from .configuration import Configuration, Repository
from .errors import BackupError
from .recovery_target import RecoveryTarget

LOCAL = "local"
WHOLE = ("all", "upgrade")  # what a new host is given; upgrade: with the databases' dumps


def confirmed(
    configuration: Configuration,
    options: argparse.Namespace,
    arguments: Sequence[str],
    program: str,
) -> int:
    """Say what will be overwritten, ask, and go on as a unit that survives a lost connection."""
    require_root()
    print("".join(f"{line}\n" for line in plan(configuration, options)), end="", flush=True)
    if options.plan:
        return 0
    if not options.yes:
        if not sys.stdin.isatty():
            raise BackupError("nothing was done: there is no terminal to ask at; add --yes")
        if input("Restore? Type yes: ").strip() != "yes":
            raise BackupError("nothing was done")
    return unit.become([program, *arguments])


def plan(configuration: Configuration, options: argparse.Namespace) -> list[str]:
    """What a restore would overwrite, a line each."""
    target = recovery_target.parse(options.to)
    with source(configuration, options.repository, LOCAL, whole=False) as repository:
        return _lines(configuration, options, repository, target)


def _lines(
    configuration: Configuration,
    options: argparse.Namespace,
    repository: Repository,
    target: RecoveryTarget,
) -> list[str]:
    lines = []
    if _with_database(configuration, options):
        lines += restore_cluster.describe(configuration, repository, target)
    if options.what in ("files", *WHOLE):
        snapshot = restore_snapshots.choose(repository, files.TAG, target)
        paths = ", ".join(options.path or configuration.paths)
        lines.append(f"files below {paths} are OVERWRITTEN by those of {snapshot['time'][:19]}")
    if _with_redis(configuration, options):
        snapshot = restore_snapshots.choose(repository, files.TAG, target)
        lines.append(f"what Redis holds is REPLACED by its snapshot of {snapshot['time'][:19]}")
    for name in _dumped(configuration, options):
        snapshot = restore_snapshots.choose(repository, dump.TAG, target)
        what = f"rows of {options.table}" if options.table else f"contents of the database {name}"
        lines.append(f"the {what} are REPLACED by those of the dump of {snapshot['time'][:19]}")
    return lines


def act(configuration: Configuration, options: argparse.Namespace) -> None:
    """Do it."""
    signal.signal(signal.SIGTERM, _ended)
    target = recovery_target.parse(options.to)
    with source(configuration, options.repository, LOCAL) as repository:
        _restore(configuration, options, repository, target)


def _restore(
    configuration: Configuration,
    options: argparse.Namespace,
    repository: Repository,
    target: RecoveryTarget,
) -> None:
    if options.what in ("files", *WHOLE):
        restore_snapshots.restore_files(configuration, repository, target, options.path)
    if _with_redis(configuration, options):
        with _applications_stopped([each.name for each in configuration.applications]):
            restore_snapshots.restore_redis(configuration, repository, target)
    if _with_database(configuration, options):
        restore_cluster.restore(configuration, repository, target)
    for name in _dumped(configuration, options):
        with _applications_stopped(configuration.of_database(name)):
            restore_snapshots.restore_dump(configuration, repository, target, name, options.table)


@contextmanager
def _applications_stopped(apps: Sequence[str]) -> Iterator[None]:
    """Stop the applications while the body runs. If the restore fails, and then their start, the
    restore's reason comes first."""
    stopped = application.stop(apps)
    try:
        yield
    except BackupError as error:
        try:
            application.start(stopped)
        except BackupError as ill:
            raise BackupError(f"{error}\n{ill}") from error
        raise
    except BaseException:
        application.start(stopped)
        raise
    application.start(stopped)


def _with_redis(configuration: Configuration, options: argparse.Namespace) -> bool:
    if options.what == "redis" and not configuration.redis_socket:
        raise BackupError("Redis is not backed up: backup.redis says whether it is")
    return options.what == "redis" or (options.what in WHOLE and configuration.redis_socket != "")


def _with_database(configuration: Configuration, options: argparse.Namespace) -> bool:
    everything = options.what == "all" and configuration.has_database
    return options.what == "database" or everything


def _dumped(configuration: Configuration, options: argparse.Namespace) -> list[str]:
    """The databases that are taken from their dumps."""
    if options.what == "upgrade":
        return configuration.databases
    return [_database(configuration, options)] if options.what == "dump" else []


def _ended(number: int, frame: FrameType | None) -> None:
    raise BackupError("the restore was ended by a signal")


@contextmanager
def source(
    configuration: Configuration, name: str | None, default: str, *, whole: bool = True
) -> Iterator[Repository]:
    """The repository `name`, or `default` where there is no name. The mirror is fetched for it:
    `whole`, or only its lists of backups."""
    name = name or default
    if name == mirror.NAME and configuration.mirror:
        with mirror.fetched(configuration, whole=whole) as repository:
            yield repository
    else:
        yield configuration.repository(name)


def _database(configuration: Configuration, options: argparse.Namespace) -> str:
    name = options.database or configuration.databases[0]
    if name not in configuration.databases:
        raise BackupError(f"{name} is none of {', '.join(configuration.databases)}")
    return name
