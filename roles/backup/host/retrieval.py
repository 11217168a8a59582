"""Files and dumps, taken out of restic's repositories."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from . import dump, files, redis, restic, server
from .configuration import Configuration, Repository
from .errors import BackupError
from .moments import Moment
from .process import run
from .server import USER


def choose(repository: Repository, tag: str, moment: Moment) -> dict[str, Any]:
    """The newest snapshot of that moment. Raises BackupError when there is none."""
    if moment.name and moment.time is None:
        raise BackupError(f"there is no point {moment.name} here; say a time")
    found = restic.snapshots(repository, tag)
    fitting = [each for each in found if moment.time is None or restic.made(each) <= moment.time]
    if not fitting:
        raise BackupError(f"{repository.name} has no {tag} from before {moment}")
    return fitting[-1]


def restore_files(
    configuration: Configuration, repository: Repository, moment: Moment, paths: list[str]
) -> None:
    """Write files back to where they were. What is newer there is overwritten, nothing deleted."""
    snapshot = choose(repository, files.TAG, moment)
    wanted = paths or configuration.paths
    restic.restore(repository, snapshot["id"], "/", wanted)
    folder = Path(configuration.sampled)
    if folder.is_dir() and folder.parent.is_dir():
        # On a new host the application may have another number than on the old one.
        owner = f"{configuration.app}:{folder.group()}"
        run(["chown", "-R", "--no-dereference", owner, str(folder)])
    print(f"files of {snapshot['time'][:19]}: {', '.join(wanted)}")


def restore_redis(configuration: Configuration, repository: Repository, moment: Moment) -> None:
    """Let Redis begin with the snapshot that the files' backup of that moment has."""
    snapshot = choose(repository, files.TAG, moment)
    source = str(redis.SNAPSHOT)
    folder = Path(configuration.directory) / "redis"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        restic.restore(repository, snapshot["id"], str(folder), [source])
        file = folder / source.lstrip("/")
        if not file.exists():
            raise BackupError(f"the backup of {snapshot['time'][:19]} has no snapshot of Redis")
        redis.restore(configuration.redis_port, file)
    finally:
        shutil.rmtree(folder)


def fetch_dump(
    configuration: Configuration, repository: Repository, moment: Moment, database: str
) -> Path:
    """The dump of `database` at that moment, as a file that postgres may read."""
    snapshot = choose(repository, dump.TAG, moment)
    folder = dump.folder(configuration)
    source = folder / f"{database}.dump"
    target = folder / f"{database}.restore"
    with target.open("wb") as file:
        command = ["dump", snapshot["id"], str(source)]
        run([*restic.command(repository), *command], env=restic.storage(), output=file)
    shutil.chown(target, USER, USER)
    return target


def restore_dump(
    configuration: Configuration, repository: Repository, moment: Moment, database: str, table: str
) -> None:
    """Restore one database beside the present one and exchange them; or one table's rows."""
    file = fetch_dump(configuration, repository, moment, database)
    try:
        if table:
            _table(configuration, file, database, table)
        else:
            _database(configuration, file, database)
    finally:
        file.unlink()


def _database(configuration: Configuration, file: Path, database: str) -> None:
    cluster, new, old = configuration.cluster, f"{database}_restored", f"{database}_before_restore"
    server.sql(cluster, f'DROP DATABASE IF EXISTS "{new}";')
    server.sql(
        cluster,
        f"""SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LC_COLLATE %L
  LC_CTYPE %L', '{new}', pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate,
  datctype) FROM pg_database WHERE datname = '{database}' \\gexec
REVOKE ALL ON DATABASE "{new}" FROM PUBLIC;
SELECT DISTINCT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %s', '{new}',
  CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
  FROM pg_database, aclexplode(datacl) WHERE datname = '{database}' \\gexec""",  # noqa: S608 - checked names
    )
    port = str(cluster.port)
    run(["pg_restore", "--exit-on-error", "-p", port, "-d", new, str(file)], user=USER)
    server.sql(
        cluster,
        f"""DROP DATABASE IF EXISTS "{old}";
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}';
BEGIN;
ALTER DATABASE "{database}" RENAME TO "{old}";
ALTER DATABASE "{new}" RENAME TO "{database}";
COMMIT;""",  # noqa: S608 - checked names
    )
    print(f"{database} is restored; the former one is {old}, drop it when all is well")


def _table(configuration: Configuration, file: Path, database: str, table: str) -> None:
    schema, _, name = table.rpartition(".")
    schema = schema or "public"
    command = ["pg_restore", "--data-only", "-n", schema, "-t", name, "-f", "-", str(file)]
    rows = run(command, user=USER)
    if "COPY " not in rows:
        raise BackupError(f"the dump has no table {schema}.{name}")
    place, kept = f'"{schema}"."{name}"', f'"{schema}"."{name}_before_restore"'
    script = f"""BEGIN;
DROP TABLE IF EXISTS {kept};
CREATE TABLE {kept} AS TABLE {place};
SET LOCAL session_replication_role = replica;
DELETE FROM {place};
{rows}
COMMIT;"""  # noqa: S608 - names in quotes
    server.sql(configuration.cluster, script, database)
    print(f"{table} has the dump's rows; the former ones are in {kept}")
