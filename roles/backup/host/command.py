"""The command line: what cron says, what an operator says, and what the toolkit says."""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from . import configuration as settings
from . import (
    courtesy,
    database,
    drill,
    dump,
    files,
    listing,
    lock,
    mirror,
    points,
    records,
    replacement,
    restoration,
    watch,
)
from .configuration import Configuration, Repository
from .errors import BackupError, LateError
from .process import run

FAILED = 1
HERE = "--here"
PROGRAM = "/usr/local/sbin/backup"
Work = Callable[[], "tuple[int, dict[str, float]]"]
MIRRORED = ("database", "files", "dump")
FOLLOWED = 57  # seconds until cron starts it again
JOBS = ("database", "files", "dump", "drill")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Exit status: 0, or 1 with the reason on stderr."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser().parse_args([word for word in arguments if word != HERE])
    try:
        configuration = settings.load()
        if options.command in JOBS and HERE not in arguments:
            return _bounded(configuration, [*arguments, HERE])
        if options.command in JOBS:
            courtesy.make_way()
        if options.command == "restore" and HERE not in arguments:
            return restoration.confirmed(configuration, options, [*arguments, HERE], PROGRAM)
        return COMMANDS[options.command](configuration, options)
    except BackupError as error:
        print(error, file=sys.stderr)
        return FAILED


def parser() -> argparse.ArgumentParser:
    """What may be said."""
    root = argparse.ArgumentParser(prog="backup", description=__doc__)
    root.add_argument("--scheduled", action="store_true", help="start a random while later")
    commands = root.add_subparsers(dest="command", required=True)
    made = commands.add_parser("database", help="back up the database")
    made.add_argument("kind", choices=("full", "diff"), nargs="?", default="diff")
    commands.add_parser("files", help="back up the uploads and other files")
    commands.add_parser("dump", help="dump each database")
    tried = commands.add_parser("drill", help="restore beside the live service, and compare")
    tried.add_argument("--from", dest="repository", help="local, offsite, or mirror")
    commands.add_parser("list", help="what there is, and what can be restored")
    copied = commands.add_parser("mirror", help="make the mirror what the local copy is")
    copied.add_argument("--follow", action="store_true", help="for a minute: what is new, at once")
    commands.add_parser("watch", help="say what should have happened and has not")
    named = commands.add_parser("point", help="name this moment, to come back to")
    named.add_argument("name")
    back = commands.add_parser("restore", help="bring data back to a moment")
    back.add_argument("what", choices=("database", "dump", "files", "redis", "all"))
    back.add_argument("--to", default="latest", help="latest, a time (UTC), or a point's name")
    back.add_argument("--from", dest="repository", help="local (if not said), offsite, mirror")
    back.add_argument("--database", help="of a dump: which one")
    back.add_argument("--table", default="", help="of a dump: the rows of this table only")
    back.add_argument("--path", action="append", default=[], help="of files: these only")
    back.add_argument("--plan", action="store_true", help="only say what would be overwritten")
    back.add_argument("--yes", action="store_true", help="do not ask")
    commands.add_parser("discard", help="remove the data that restores put aside")
    prepared = commands.add_parser("stanza", help="make the repositories ready")
    prepared.add_argument("--check", action="store_true", help="only tell whether they are")
    return root


def _bounded(configuration: Configuration, arguments: Sequence[str]) -> int:
    """Run as a unit of its own, which takes no more than its share and survives the terminal."""
    if os.geteuid() != 0:
        raise BackupError("only root can do that; use sudo")
    properties = {
        "CPUQuota": f"{configuration.cpu_percent}%",
        "MemoryMax": f"{configuration.memory_mb}M",
        "CPUWeight": "10",
        "IOWeight": "10",
        "IOSchedulingClass": "idle",
        "Nice": "15",
        "OOMScoreAdjust": "500",
        "RuntimeMaxSec": str(configuration.deadline + configuration.jitter + 60),
    }
    options = [f"--property={name}={value}" for name, value in properties.items()]
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    command = ["systemd-run", "--quiet", "--wait", "--pipe", "--collect", *options]
    sys.stdout.flush()
    os.execvp(command[0], [*command, "--", PROGRAM, *arguments])  # noqa: S606


def job(
    configuration: Configuration,
    options: argparse.Namespace,
    work: Work,
) -> int:
    """Run `work` within its deadline, and keep a record of how it ended. It returns the bytes that
    it added, and what it measured."""
    if options.scheduled:
        time.sleep(random.uniform(0, configuration.jitter))  # noqa: S311 - no secret
    name, begin = options.command, time.time()
    signal.signal(signal.SIGALRM, _late)
    signal.alarm(configuration.deadline)
    measured: dict[str, float] = {}
    size, reason = 0, ""
    try:
        with lock.held(name, wait=not options.scheduled), lock.held("any", wait=True):
            print(f"{name}: begins", flush=True)
            size, measured = mirrored(configuration, name, work)
    except (BackupError, LateError, OSError, ValueError, KeyError) as error:
        reason = str(error) or repr(error)
    signal.alarm(0)
    outcome = "failed" if reason else "ok"
    entry = records.Run(name, begin, time.time(), outcome, size, reason[-2000:])
    records.write(configuration, entry, **measured)
    took = f"after {entry.end - begin:.0f} s"
    if reason:
        raise BackupError(f"{name}: FAILED {took}: {reason}")
    numbers = "".join(f", {key} {value:.0f} s" for key, value in measured.items())
    print(f"{name}: good {took}, {size} bytes{numbers}")
    return 0


def mirrored(configuration: Configuration, name: str, work: Work) -> tuple[int, dict[str, float]]:
    """Do the work, and then mirror what there is, also when one repository took nothing."""
    if name not in MIRRORED or not configuration.mirror or database.is_foreign():
        return work()
    reasons, result = [], None
    for step in (work, lambda: mirror.send(configuration)):
        try:
            result = step() or result
        except BackupError as error:
            reasons.append(str(error) if step is work else f"mirror: {error}")
    if reasons or result is None:
        raise BackupError("\n".join(reasons))
    return result


def _late(number: int, frame: FrameType | None) -> None:
    raise LateError("it took longer than backup.deadline_minutes and was ended")


def _database(configuration: Configuration, options: argparse.Namespace) -> int:
    return job(configuration, options, lambda: (database.backup(configuration, options.kind), {}))


def _files(configuration: Configuration, options: argparse.Namespace) -> int:
    return job(configuration, options, lambda: (files.backup(configuration), {}))


def _dump(configuration: Configuration, options: argparse.Namespace) -> int:
    return job(configuration, options, lambda: (dump.backup(configuration), {}))


def _drill(configuration: Configuration, options: argparse.Namespace) -> int:
    if options.repository not in (None, mirror.NAME):
        configuration.repository(options.repository)  # or it says which there are

    @contextmanager
    def source() -> Iterator[Repository]:
        if options.repository == mirror.NAME:
            mirror.catch_up(configuration)  # with what was written just now
        with restoration.source(configuration, options.repository, "") as repository:
            yield repository

    return job(configuration, options, lambda: (0, drill.drill(configuration, source)))


def _mirror(configuration: Configuration, options: argparse.Namespace) -> int:
    if configuration.mirror is None or database.is_foreign():
        return 0
    if options.follow:
        mirror.follow(configuration, FOLLOWED)
    else:
        with lock.held("any", wait=True), lock.held(mirror.NAME, wait=True):
            mirror.send(configuration)
    return 0


def _watch(configuration: Configuration, options: argparse.Namespace) -> int:
    problems = watch.watch(configuration)
    for words in watch.due(configuration):
        print(f"this waits for no schedule: backup {words}")
        script = f"systemd-cat -t backup {PROGRAM} {words}"
        run(["systemd-run", "--quiet", "--collect", "--no-block", "sh", "-c", script])
    print("".join(f"{line}\n" for line in problems), end="")
    return FAILED if problems else 0


def _list(configuration: Configuration, options: argparse.Namespace) -> int:
    print(listing.table(configuration))
    return 0


def _point(configuration: Configuration, options: argparse.Namespace) -> int:
    points.make(configuration, options.name)
    return 0


def _stanza(configuration: Configuration, options: argparse.Namespace) -> int:
    if options.check:
        return 0 if database.is_prepared(configuration) else FAILED
    database.prepare(configuration)
    return 0


def _restore(configuration: Configuration, options: argparse.Namespace) -> int:
    with lock.held("any"):
        restoration.act(configuration, options)
    return 0


def _discard(configuration: Configuration, options: argparse.Namespace) -> int:
    print("".join(f"removed {path}\n" for path in replacement.discard(configuration)), end="")
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
