"""Files and dumps, taken out of restic's repositories."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from roles.core.host.plain import one_line

from . import dump, exchange, files, pipes, redis, restic, table_rows
from .configuration import Configuration, Repository
from .errors import BackupError
from .process import run
from .recovery_target import RecoveryTarget

NAMED = 5  # things that hold no bytes, of which a restore tells


def choose(repository: Repository, tag: str, target: RecoveryTarget) -> dict[str, Any]:
    """The newest snapshot up to `target`. Raises BackupError when there is none."""
    if target.name and target.time is None:
        raise BackupError(f"there is no restore point {target.name} here; say a time")
    found = restic.snapshots(repository, tag)
    fitting = [each for each in found if target.time is None or restic.made(each) <= target.time]
    if not fitting:
        raise BackupError(f"{repository.name} has no {tag} from before {target}")
    return fitting[-1]


def restore_files(
    configuration: Configuration, repository: Repository, target: RecoveryTarget, paths: list[str]
) -> None:
    """Write files back to where they were. What is newer there is overwritten, nothing deleted."""
    snapshot = choose(repository, files.TAG, target)
    wanted = paths or configuration.paths
    gone = pipes.removed(wanted, [each.uploads for each in configuration.applications])
    for path in gone[:NAMED]:
        print(f"removed: {one_line(path)}, a pipe or a socket")
    if len(gone) > NAMED:
        print(f"removed: {len(gone) - NAMED} more")
    try:
        with pipes.ended():
            restic.restore(repository, snapshot["id"], "/", wanted)
    finally:
        for each in configuration.applications:
            folder = Path(each.uploads)
            if folder.is_dir():
                # On a new host the application may have another number than on the old one.
                owner = f"{each.name}:{folder.group()}"
                run(["chown", "-R", "--no-dereference", owner, str(folder)])
    print(f"files of {snapshot['time'][:19]}: {', '.join(map(one_line, wanted))}")


def restore_redis(
    configuration: Configuration, repository: Repository, target: RecoveryTarget
) -> None:
    """Let Redis begin with the snapshot that the files' backup of that moment has."""
    snapshot = choose(repository, files.TAG, target)
    source = str(redis.SNAPSHOT)
    folder = Path(configuration.directory) / "redis"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        restic.restore(repository, snapshot["id"], str(folder), [source])
        file = folder / source.lstrip("/")
        if not file.exists():
            raise BackupError(f"the backup of {snapshot['time'][:19]} has no snapshot of Redis")
        redis.restore(configuration.redis_socket, file)
    finally:
        shutil.rmtree(folder)


@contextmanager
def fetched_dump(
    configuration: Configuration, repository: Repository, target: RecoveryTarget, database: str
) -> Iterator[IO[bytes]]:
    """The dump of `database` at that moment, as a file without a name: nobody can put a link in its
    place, and postgres is handed it open."""
    snapshot = choose(repository, dump.TAG, target)
    source = dump.folder(configuration) / f"{database}.dump"
    with tempfile.TemporaryFile(dir=configuration.directory) as file:
        command = ["dump", snapshot["id"], str(source)]
        run([*restic.command(repository), *command], env=restic.storage(), output=file)
        file.seek(0)
        yield file


def restore_dump(
    configuration: Configuration,
    repository: Repository,
    target: RecoveryTarget,
    database: str,
    table: str,
) -> None:
    """Restore one database beside the present one and exchange them; or one table's rows."""
    with fetched_dump(configuration, repository, target, database) as file:
        if table:
            table_rows.restore(configuration.cluster, file, database, table)
            print(f"{table} has the dump's rows; the former ones are in {table}_before_restore")
        else:
            old = exchange.restore(configuration.cluster, file, database, configuration.guard)
            print(f"{database} is restored; the former one is {old}, drop it when all is well")
