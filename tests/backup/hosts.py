"""A host that is backed up, as the tests see it and what they do to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.host import shared_hosts
from tests.host.conftest import Host, values
from tests.host.database import superuser
from tests.support.keeper import Keeper
from tests.support.mirror_host import MirrorHost
from tests.support.storage import AUTHORITY, Storage
from tests.support.suites import suites
from vagrant.driver import Box, wrapper

QUEUE_MB = 64
CPU_PERCENT = 100
FOLDER = "/var/backups/readyhost"
PROM = "/var/lib/prometheus/node-exporter/backup.prom"
UPLOADS = "/srv/app/uploads"
# What a database looks like that was backed up before there was a guard against extensions.
UNGUARDED = """ALTER EXTENSION pg_stat_statements SET SCHEMA public;
DROP EVENT TRIGGER only_listed_extensions; DROP SCHEMA extensions CASCADE;"""
GUARDED = "SELECT evtenabled FROM pg_event_trigger WHERE evtname = 'only_listed_extensions';"


def boot(name: str) -> Box:
    """A bare box of the default suite."""
    return Box.boot(name, wrapper("suite"))


def begun(name: str) -> Box:
    """A box of the default suite: where other runs make a host of it a copy of that, else a bare
    one."""
    suite = wrapper("suite")
    return shared_hosts.begun(Host, name, suite, {}) if suite in suites() else boot(name)


def set_up(box: Box, source: Path, storage: Storage, mirror_host: MirrorHost) -> None:
    """Give a box its settings: an off-site copy, a mirror, and one that is fetched."""
    box.values = {
        **values(source),
        **storage.values(),
        **mirror_host.values(),
        **Keeper(mirror_host.box, box).values(),
        "READYHOST_BACKUP__ARCHIVE_QUEUE_MB": str(QUEUE_MB),
        "READYHOST_BACKUP__STORAGE_TIMEOUT_SECONDS": "1",
        "READYHOST_BACKUP__JITTER_SECONDS": "2",
        "READYHOST_BACKUP__CPU_PERCENT": str(CPU_PERCENT),
        "READYHOST_BACKUP__REDIS": "true",
    }
    box.ssh(f"cat > {AUTHORITY}", stdin=storage.authority)


def fill(box: Box) -> None:
    """Rows and uploads, and one backup of everything in each place."""
    sql(box, "CREATE TABLE kept (id int PRIMARY KEY); ALTER TABLE kept OWNER TO app;")
    sql(box, "CREATE TABLE written (id int PRIMARY KEY); ALTER TABLE written OWNER TO app;")
    sql(box, "INSERT INTO kept SELECT generate_series(1, 50000);")
    box.ssh(
        f"cd {UPLOADS} && mkdir 'a [b]' && for i in 1 2 3 4 5; do"
        " head -c 200000 /dev/urandom > \"a [b]/file $i\"; done; chown -R app: 'a [b]'"
    )
    for job in ("database full", "files", "dump"):
        box.ssh(f"backup {job}", timeout=300)


def sql(box: Box, statements: str) -> str:
    """What the administrator's session in the application's database prints."""
    return superuser(box, statements, "app")


def refused(box: Box, command: str) -> str:
    """What a command that must fail says."""
    done = box.run(command, timeout=300)
    assert done.returncode == 1, done.stdout
    return done.stdout + done.stderr


@contextmanager
def edited(box: Box, script: str) -> Iterator[None]:
    """What the host's program works with is otherwise: Python that changes its `values`."""
    file = "/etc/backup/backup.json"
    change = f"import json; values = json.load(open('{file}')); {script}"
    box.ssh(f"cp -p {file} /root/backup.json")
    box.ssh("python3 -", stdin=f"{change}; json.dump(values, open('{file}', 'w'))")
    try:
        yield
    finally:
        box.ssh(f"mv /root/backup.json {file}")


def checksums(box: Box) -> str:
    """Every upload with its checksum."""
    return box.ssh(f"cd {UPLOADS} && find . -type f -exec sha256sum {{}} + | sort")


def metrics(box: Box) -> dict[str, float]:
    """What monitoring reads."""
    lines = [line for line in box.ssh(f"cat {PROM}").splitlines() if line[0] != "#"]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def eventually(holds: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.5)


def waiting(box: Box) -> int:
    """Segments of write-ahead log that the server has not archived."""
    found = box.ssh("find /var/lib/postgresql/*/main/pg_wal/archive_status -name '*.ready' | wc -l")
    return int(found)


@contextmanager
def unreachable(box: Box, port: int) -> Iterator[None]:
    """Whatever listens at a TCP port elsewhere is not reached from the box."""
    rule = f"OUTPUT -p tcp --dport {port} -j REJECT --reject-with tcp-reset"
    box.ssh(f"iptables -I {rule}")
    try:
        yield
    finally:
        box.ssh(f"iptables -D {rule}")
