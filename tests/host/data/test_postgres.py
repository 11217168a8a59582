"""PostgreSQL on the running host: its sizes, its limits, its log, its maintenance."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import psycopg
import pytest

from roles.postgres import tune
from roles.postgres.files import size
from tests.host.conftest import Host
from tests.host.database import application, connect, machine, settings, superuser, tunnel, value
from tests.host.stages import once

EVERY_MINUTE = "* * * * *"
MAINTENANCE = "/usr/local/sbin/postgres-maintenance"


@pytest.fixture(scope="module")
def minute(box: Host) -> Iterator[float]:
    """The weekly vacuum, every minute of these tests; when that began."""
    box.converge(
        READYHOST_POSTGRES__VACUUM_SCHEDULE=EVERY_MINUTE, READYHOST_POSTGRES__SCAN_MIN_MB="1"
    )
    yield time.time()
    box.converge()


SLEEPS = """
DO $$ BEGIN PERFORM pg_sleep(61);
EXCEPTION WHEN query_canceled THEN
    RAISE EXCEPTION '% after %', SQLERRM,
        extract(epoch FROM clock_timestamp() - statement_timestamp());
END $$
"""


@pytest.fixture(scope="module")
def long_statement(box: Host, minute: float) -> Iterator[Future[tuple[str, float]]]:
    """A statement of the application that wants 61 seconds: its error, and after how many seconds
    the server sent it, by the server's own clock.

    It runs beside the tests that follow; those before it need a VACUUM without an old snapshot.
    """

    def sleep() -> tuple[str, float]:
        with (
            tunnel(box, settings(box).pgbouncer.port) as pooled,
            connect(pooled, **application(box)) as session,
        ):
            try:
                session.execute(SLEEPS)
            except psycopg.errors.RaiseException as error:
                said, _, seconds = str(error).partition("\n")[0].rpartition(" after ")
                return said, float(seconds)
        return "it was let finish", 61

    with ThreadPoolExecutor() as pool:
        yield pool.submit(sleep)


def test_DB_07_vacuum_reads_and_cleans_every_table(box: Host) -> None:
    name = settings(box).postgres.database
    superuser(
        box,
        "DROP TABLE IF EXISTS readyhost_dust; CREATE TABLE readyhost_dust (n int)"
        " WITH (autovacuum_enabled = off);"
        " INSERT INTO readyhost_dust SELECT generate_series(1, 999);"
        " DELETE FROM readyhost_dust WHERE n > 10",
        name,
    )
    box.ssh(f"cd / && runuser -u postgres -- {MAINTENANCE} vacuum")
    found = superuser(
        box,
        "SELECT last_vacuum > now() - interval '1 min', last_analyze > now() - interval '1 min',"
        " n_dead_tup FROM pg_stat_user_tables WHERE relname = 'readyhost_dust';"
        "DROP TABLE readyhost_dust",
        name,
    )
    assert found == "t|t|0"


@once
def test_DB_07_only_bloated_indexes_are_rebuilt_and_scans_are_reported(
    box: Host, minute: float
) -> None:
    name = settings(box).postgres.database
    superuser(
        box,
        """DROP TABLE IF EXISTS "Bloated t", healthy;
        CREATE TABLE "Bloated t" (n int) WITH (autovacuum_enabled = off);
        INSERT INTO "Bloated t" SELECT generate_series(1, 300000);
        CREATE INDEX "Bloated i" ON "Bloated t" (n);
        DELETE FROM "Bloated t" WHERE n % 10 > 0;
        VACUUM "Bloated t";
        CREATE TABLE healthy AS SELECT generate_series(1, 300000) AS n;
        CREATE INDEX healthy_i ON healthy (n);
        SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off;
        SELECT count(*) FROM healthy;""",
        name,
    )
    time.sleep(1)  # PostgreSQL 13 and 14 collect statistics in a process of their own
    look = """SELECT pg_relation_size('"Bloated i"'), pg_relation_filenode('healthy_i')"""
    before = superuser(box, look, name).split("|")
    output = box.ssh(f"cd / && runuser -u postgres -- {MAINTENANCE} indexes")
    after = superuser(box, look, name).split("|")
    extensions = superuser(box, "SELECT string_agg(extname, ',') FROM pg_extension", name)
    schemas = superuser(
        box, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'maintenance%'", name
    )
    superuser(box, 'DROP TABLE "Bloated t", healthy', name)

    assert int(after[0]) < int(before[0]) / 5, output
    assert after[1] == before[1], "an index that is well was rebuilt"
    assert f'{name}.public."Bloated i" is bloated' in output
    assert f"{name}.public.healthy, " in output
    assert "was read whole" in output
    assert "indexes: finished" in output
    assert "pgstattuple" not in extensions
    assert schemas == "0"


def test_DB_01_show_agrees_with_the_computed_values(
    box: Host, port: int, long_statement: Future[tuple[str, float]]
) -> None:
    tuning = tune(settings(box).postgres, machine(box))
    memory = (
        "shared_buffers", "effective_cache_size", "work_mem", "maintenance_work_mem",
        "autovacuum_work_mem", "wal_buffers",
    )  # fmt: skip
    plain = (
        "random_page_cost", "effective_io_concurrency", "max_worker_processes",
        "max_parallel_workers", "max_parallel_workers_per_gather",
        "max_parallel_maintenance_workers", "autovacuum_max_workers",
        "checkpoint_completion_target",
    )  # fmt: skip
    wanted = {name: size(getattr(tuning, name)) for name in memory}
    wanted |= {name: str(getattr(tuning, name)) for name in plain}
    # PostgreSQL counts its buffers in pages of 8 kB.
    wanted["wal_buffers"] = size(tuning.wal_buffers // 8 * 8)
    wanted["shared_buffers"] = size(tuning.shared_buffers // 8 * 8)
    wanted["effective_cache_size"] = size(tuning.effective_cache_size // 8 * 8)
    with connect(port, **application(box)) as session:
        shown = {name: value(session, f"SHOW {name}") for name in wanted}
    assert shown == wanted
    assert superuser(box, "SELECT count(*) FROM pg_settings WHERE pending_restart") == "0"


def test_DB_01_pages_have_checksums_and_text_is_utf8(box: Host) -> None:
    assert superuser(box, "SHOW data_checksums") == "on"
    name = settings(box).postgres.database
    assert superuser(box, "SHOW server_encoding", name) == "UTF8"


def test_DB_05_a_slow_statement_is_logged_and_counted(box: Host, port: int) -> None:
    marker = f"marker_{time.time_ns()}"
    slow = settings(box).postgres.slow_query_ms / 1000
    with connect(port, **application(box)) as session:
        session.execute(f"SELECT pg_sleep({slow + 0.2}) AS {marker}_slow")
        session.execute(f"SELECT 1 AS {marker}_fast")
    log = box.ssh(f"grep -h {marker} /var/log/postgresql/*.log")
    (line,) = log.splitlines()
    assert f"{marker}_slow" in line
    assert "duration: " in line
    assert f"{settings(box).postgres.user}@{settings(box).postgres.database}" in line
    found = superuser(
        box,
        f"SELECT calls FROM pg_stat_statements WHERE query LIKE '%{marker}_slow%'"
        " AND query NOT LIKE '%pg_stat_statements%'",
        settings(box).postgres.database,
    )
    assert found == "1"


def test_DB_07_a_failure_leaves_a_trace_too(box: Host) -> None:
    result = box.run(f"cd / && runuser -u nobody -- {MAINTENANCE} vacuum")
    assert result.returncode != 0
    assert "vacuum: FAILED" in result.stdout


@once
def test_DB_04_a_statement_ends_after_60_seconds(
    box: Host, port: int, long_statement: Future[tuple[str, float]]
) -> None:
    error, seconds = long_statement.result(timeout=90)
    assert "statement timeout" in error
    assert 59 < seconds < 61.5
    # Maintenance and backups have no such end.
    assert superuser(box, "SHOW statement_timeout") == "0"


def test_DB_07_cron_runs_it_and_the_journal_tells(box: Host, minute: float) -> None:
    wanted = f"journalctl -q -t postgres-maintenance --since @{int(minute)} -o cat --no-pager"
    end = time.monotonic() + 70
    while "vacuum: finished" not in box.ssh(wanted) and time.monotonic() < end:
        time.sleep(1)
    trace = box.ssh(wanted)
    assert "vacuum: finished" in trace
    assert f"vacuum: {settings(box).postgres.database} vacuumed and analysed" in trace
    assert "FAILED" not in trace
