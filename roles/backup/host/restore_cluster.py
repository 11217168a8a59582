"""PostgreSQL's cluster, restored: the old one waits beside until the new one is proven."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from roles.core.host.clock import stamp

from . import application, database, dump_parts, mirror, owned, recovery_target, server, timelines
from .configuration import Cluster, Configuration, Repository
from .database import pgbackrest
from .errors import BackupError, advised
from .process import attempt, run
from .recovery_target import RecoveryTarget
from .server import USER

ASIDE = ".before-restore-"
START = 30  # seconds that a server may take to write down its process id
PROVEN = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace;"
LOG = "/var/log/postgresql/postgresql-{version}-main.log"


def describe(
    configuration: Configuration, repository: Repository, target: RecoveryTarget
) -> list[str]:
    """What will happen, before it does. Raises BackupError when it can't."""
    _require_version(configuration.cluster, repository)
    options = recovery_target.options(target, repository)
    data = configuration.cluster.data
    return [
        f"the databases of {data} are REPLACED by those of {target}",
        f"from {repository.name}, backup {options[0].partition('=')[2]}",
        f"{', '.join(each.name for each in configuration.applications)} and PostgreSQL are stopped"
        " meanwhile",
        f"the present data stays beside, at {data}{ASIDE}…, until `backup discard`",
    ]


def _require_version(cluster: Cluster, repository: Repository) -> None:
    """PostgreSQL reads no data of another major version; a dump it does."""
    theirs = database.version(repository)
    if theirs not in (None, cluster.version):
        raise BackupError(
            f"the backups are of PostgreSQL {theirs}, and this host has {cluster.version}:"
            " `upgrade` restores from the dumps (docs/new-system.md)"
        )


def restore(configuration: Configuration, repository: Repository, target: RecoveryTarget) -> None:
    """Do it. Raises BackupError when it fails; then the former database runs as before."""
    cluster, begun = configuration.cluster, time.monotonic()
    options = recovery_target.options(target, repository)
    make_room(configuration, repository)
    aside = Path(f"{cluster.data}{ASIDE}{stamp().replace(':', '')}")
    stopped = application.stop([each.name for each in configuration.applications])
    try:
        run(["systemctl", "stop", cluster.unit])
        owned.rename(Path(cluster.data), aside)
        _bring_back(cluster, repository, options)
        _protect(configuration)
        application.start(stopped)
    except BaseException as error:
        print("it failed; the former database comes back", flush=True)
        _undo(cluster, aside)
        application.start(stopped)
        if isinstance(error, (BackupError, OSError)):
            raise BackupError(f"not restored, all is as before: {error}") from None
        raise
    timelines.note(target.time, time.time())
    if repository.path and not database.known(configuration, server.identity(cluster)):
        mirror.adopt(configuration)
    database.prepare(configuration)
    print(f"restored to {target} in {time.monotonic() - begun:.0f} s; the former data is {aside}")
    print("`backup discard` removes it when you have seen that all is well")


def _protect(configuration: Configuration) -> None:
    """What was restored may be of before there was the guard; that fails no restore."""
    for name in configuration.databases:
        try:
            dump_parts.protect(configuration.cluster, configuration.guard, name)
        except BackupError as error:
            print(f"{name} is not guarded against extensions until deploy.py was run: {error}")


def _bring_back(cluster: Cluster, repository: Repository, options: list[str]) -> None:
    data = Path(cluster.data)
    owned.make(data)
    log = Path(LOG.format(version=cluster.version))
    before = log.stat().st_size if log.exists() else 0
    pgbackrest(*options, "restore", repository=repository)
    attempt(["systemctl", "reset-failed", cluster.unit])  # its count of restarts begins at 0
    attempt(["systemctl", "start", "--no-block", cluster.unit])
    ran, begin = False, time.monotonic()
    while not _ready(cluster):
        ran = ran or _runs(cluster)
        if _gone(cluster) and (ran or time.monotonic() > begin + START):
            text = owned.read(log, before)
            said = [line for line in text.splitlines() if "FATAL" in line or "ERROR" in line][-6:]
            raise BackupError(advised("\n".join(["it does not start from the backup:", *said])))
        time.sleep(0.3)
    for name in server.databases(cluster, templates=True):
        server.sql(cluster, PROVEN, name)


def _ready(cluster: Cluster) -> bool:
    try:
        return not server.is_replica(cluster)
    except BackupError:
        return False


def _runs(cluster: Cluster) -> bool:
    command = [f"{cluster.bin}/pg_ctl", "status", "-D", cluster.data]
    return attempt(command, user=USER).returncode == 0


def _gone(cluster: Cluster) -> bool:
    """Whether the server ended. systemd starts it again, or waits for a process that is no more;
    what it calls that is of no use here."""
    shown = run(["systemctl", "show", "-p", "NRestarts,ControlPID", cluster.unit])
    found = dict(line.partition("=")[::2] for line in shown.splitlines())
    starting = found.get("ControlPID", "0") != "0"
    return found.get("NRestarts", "0") != "0" or not (starting or _runs(cluster))


def _undo(cluster: Cluster, aside: Path) -> None:
    attempt(["systemctl", "stop", cluster.unit])
    if aside.exists():
        owned.remove(Path(cluster.data))
        owned.rename(aside, Path(cluster.data))
    attempt(["systemctl", "reset-failed", cluster.unit])
    run(["systemctl", "start", cluster.unit])


def make_room(configuration: Configuration, repository: Repository) -> None:
    """Raise BackupError when the restored data does not fit beside the present one."""
    size = int(database.backups(repository)[-1]["info"]["size"])
    free = shutil.disk_usage(Path(configuration.cluster.data).parent).free
    if free < size:
        raise BackupError(f"{size // 2**20} MiB are needed and {free // 2**20} MiB free: make room")


def discard(configuration: Configuration) -> list[str]:
    """Remove the data that former restores put aside. Returns the directories."""
    data = Path(configuration.cluster.data)
    found = sorted(data.parent.glob(f"{data.name}{ASIDE}*"))
    for folder in found:
        owned.remove(folder)
    return [str(folder) for folder in found]
