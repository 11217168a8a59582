"""A scratch cluster: restored beside the live one, on a socket of its own, and then removed."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import owned
from .configuration import Configuration, Repository
from .database import backups, pgbackrest
from .errors import BackupError, advised
from .process import attempt, run
from .server import USER

HOME = Path("/var/lib/postgresql")
PORT = 54320  # of its socket's name only: it listens on no network
SHARED_MB = 64
START = 10  # seconds that a server may take to write down its process id

# hot_standby is off so that nobody's max_connections has to be repeated here. Nothing that it
# does ever reaches a repository.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{home}'
port = {port}
hba_file = '{home}/hba.conf'
ident_file = '{home}/ident.conf'
shared_buffers = {shared}MB
max_connections = 20
hot_standby = off
archive_mode = off
fsync = off
autovacuum = off
logging_collector = off
jit = off
"""


@dataclass(frozen=True)
class ScratchCluster:
    """Where it is."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "log"


@contextmanager
def restored(
    configuration: Configuration, repository: Repository, target: list[str]
) -> Iterator[ScratchCluster]:
    """A running cluster with what `repository` has at `target` (options of pgBackRest's restore);
    it is gone when the body ends. Raises BackupError with the reason and the log's words."""
    here = ScratchCluster(HOME / "drill")
    remove(configuration, here)
    make_room(configuration, repository)
    try:
        for path in (here.home, here.data):
            owned.make(path)
        pgbackrest(
            f"--pg1-path={here.data}", "--archive-mode=off", "--process-max=1", *target, "restore",
            repository=repository,
        )  # fmt: skip
        start(configuration, here)
        yield here
    finally:
        remove(configuration, here)


def make_room(configuration: Configuration, repository: Repository) -> None:
    """Raise BackupError when a restore would take the disk's reserve."""
    found = backups(repository)
    if not found:
        raise BackupError(f"{repository.name} has no backup of the database: backup database full")
    disk = shutil.disk_usage(HOME)
    needed = int(found[-1]["info"]["size"]) + disk.total * configuration.disk_reserve_percent // 100
    if disk.free < needed:
        raise BackupError(
            f"a restore needs {needed // 2**20} MiB with the reserve, and {HOME} has"
            f" {disk.free // 2**20} MiB: make room"
        )


def start(configuration: Configuration, here: ScratchCluster) -> None:
    """Start it and wait until it has replayed all it is to replay."""
    settings = SETTINGS.format(home=here.home, port=PORT, shared=SHARED_MB)
    owned.write(here.home / "postgresql.conf", settings)
    owned.write(here.home / "hba.conf", "local all postgres peer\n")
    owned.write(here.home / "ident.conf", "")
    options = f"-c config_file={here.home}/postgresql.conf"
    control = f"{configuration.cluster.bin}/pg_ctl"
    command = [control, "start", "-W", "-s", "-D", str(here.data), "-o", options]
    run([*command, "-l", str(here.log)], user=USER)
    ask = ["psql", "-XAtq", "-h", str(here.home), "-p", str(PORT), "-c", "SELECT 1"]
    ran, begin = False, time.monotonic()
    while attempt(ask, user=USER).returncode:  # it accepts nobody until all is replayed
        time.sleep(0.3)
        runs = attempt([control, "status", "-D", str(here.data)], user=USER).returncode == 0
        ran = ran or runs
        if not runs and (ran or time.monotonic() > begin + START):
            lines = ["it does not start from the backup:", *words(here)]
            raise BackupError(advised("\n".join(lines)))


def words(here: ScratchCluster) -> list[str]:
    """What its log says of the end."""
    text = owned.read(here.log)
    lines = [line for line in text.splitlines() if "FATAL" in line or "ERROR" in line]
    return lines[-6:] or text.splitlines()[-6:]


def remove(configuration: Configuration, here: ScratchCluster) -> None:
    """Stop it, if it runs, and leave nothing of it."""
    if (here.data / "postmaster.pid").exists():
        command = [f"{configuration.cluster.bin}/pg_ctl", "stop", "-s", "-m", "immediate"]
        attempt([*command, "-D", str(here.data)], user=USER)
    if os.path.lexists(here.home):
        owned.remove(here.home)
