"""A database of a gigabyte: backed up and brought back, beside what PostgreSQL's own tools take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.boxes import DOMAIN, box
from benchmarks.load.figures import warm
from benchmarks.provision.contenders import readyhost
from tests.host.database import superuser
from tests.support.wrk import wrk
from vagrant.driver import Box

PATH = "/items?cache=no"
USERS, THINK = 30, 100  # a steady load: users, and milliseconds that each of them waits
ROUNDS = 3
WINDOW, WINDOWS = 4, 8  # seconds, and how many of them at most while a backup runs
PROM = "/var/lib/prometheus/node-exporter/backup.prom"
LONG = 1800  # seconds that one step may take
FILL = """SET statement_timeout = 0;
CREATE TABLE orders (id bigint PRIMARY KEY, account int, placed timestamptz, note text);
INSERT INTO orders SELECT n, n % 9973, now() - n * interval '1 s',
  md5(n::text) || md5((n / 2)::text) || md5((n / 3)::text) || repeat(' a word', 14)
  FROM generate_series(1, 4000000) n;
ALTER TABLE orders OWNER TO app; CHECKPOINT;"""
CHANGE = "UPDATE orders SET account = account + 1 WHERE id % 5000 < 50;"
AS_POSTGRES = "cd /tmp && runuser -u postgres --"
PSQL = f"{AS_POSTGRES} psql -q -v ON_ERROR_STOP=1 app"
# No job but those that are measured, and the archive has all that was written.
SETTLED = """systemctl stop cron
until ! ls /var/lib/postgresql/*/main/pg_wal/archive_status/*.ready >/dev/null 2>&1; do
  sleep 1
done"""
GZIP = f"{AS_POSTGRES} sh -c 'pg_dump app | gzip >/tmp/app.sql.gz'"
CUSTOM = f"{AS_POSTGRES} pg_dump -Fc -f /tmp/app.dump app"
FROM_CUSTOM = f"{AS_POSTGRES} sh -c 'createdb copy && pg_restore -d copy /tmp/app.dump'"


def backup(suite: str, source: Path) -> dict[str, Any]:
    """Times in seconds, sizes in bytes, latencies in milliseconds, on a host of defaults."""
    with box("backup", suite, source) as machine:
        readyhost(machine)
        machine.ssh(PSQL, stdin=FILL, timeout=LONG)
        machine.ssh(SETTLED, timeout=LONG)
        size = int(superuser(machine, "SELECT pg_database_size('app');"))
        found: dict[str, Any] = {"database": size, "full": _job(machine, "database full")}
        superuser(machine, CHANGE, "app")
        machine.ssh(SETTLED, timeout=LONG)
        found["diff"] = _job(machine, "database diff")
        found["dump"] = _job(machine, "dump")
        found["restore"] = seconds(machine, "backup restore database --yes")
        machine.ssh("backup discard && backup database full && backup files", timeout=LONG)
        found["drill"] = seconds(machine, "backup drill")
        numbers = _metrics(machine)
        found["rpo"] = numbers["backup_drill_rpo_seconds"]
        found["rto"] = numbers["backup_drill_rto_seconds"]
        found["gzip"] = {"seconds": seconds(machine, GZIP), "bytes": _size(machine, "app.sql.gz")}
        seconds(machine, CUSTOM)
        found["pg_restore"] = seconds(machine, FROM_CUSTOM)
        machine.ssh(f"{AS_POSTGRES} dropdb copy")
        found["load"] = _load(machine)
    return found


def seconds(machine: Box, command: str) -> float:
    """How long a command takes there."""
    begin = time.monotonic()
    machine.ssh(command, timeout=LONG)
    return time.monotonic() - begin


def _job(machine: Box, job: str) -> dict[str, float]:
    took = seconds(machine, f"backup {job}")
    name = job.split(maxsplit=1)[0]
    return {
        "seconds": took,
        "bytes": _metrics(machine)[f'backup_last_size_bytes{{job="{name}"}}'],
    }


def _metrics(machine: Box) -> dict[str, float]:
    lines = [line for line in machine.ssh(f"cat {PROM}").splitlines() if line[0] != "#"]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def _size(machine: Box, name: str) -> int:
    return int(machine.ssh(f"stat -c %s /tmp/{name}"))


def _load(machine: Box) -> dict[str, float]:
    """p95 of a steady load without and with a full backup, in turn: the medians of many windows,
    since now and then the machine itself is slow."""
    warm(machine)
    without: list[float] = []
    during: list[float] = []
    with ThreadPoolExecutor() as beside:
        for _ in range(ROUNDS):
            running = beside.submit(seconds, machine, "backup database full")
            seen = [p95 for p95 in _windows(machine, WINDOWS) if not running.done()]
            running.result()
            without += _windows(machine, len(seen))
            during += seen
    return {"p95": median(without), "p95 during a backup": median(during)}


def _windows(machine: Box, most: int) -> Iterator[float]:
    """The p95 of one window after another."""
    for _ in range(most):
        yield wrk(machine.ip, DOMAIN, PATH, USERS, WINDOW, think=THINK).p95
