"""PostgreSQL told of other settings, by a reload or by one restart, and back after its death."""

from __future__ import annotations

import time

import psycopg

from tests.host.conftest import Host
from tests.host.database import application, connect, machine, settings, superuser, tunnel, value
from tests.host.stages import once
from vagrant.running import changes, work


@once
def test_DB_01_what_can_be_reloaded_is_reloaded(box: Host) -> None:
    started = "SELECT pg_postmaster_start_time()"
    before = superuser(box, started)
    output = box.converge(READYHOST_POSTGRES__SLOW_QUERY_MS="750").stdout
    assert set(work(output)) == {"PostgreSQL | configuration", "PostgreSQL | running"}
    assert superuser(box, "SHOW log_min_duration_statement") == "750ms"
    assert superuser(box, started) == before


@once
def test_DB_01_what_takes_a_restart_is_restarted_once(box: Host) -> None:
    started = "SELECT pg_postmaster_start_time()"
    before = superuser(box, started)
    box.converge(READYHOST_POSTGRES__MAX_CONNECTIONS="101")
    assert superuser(box, "SHOW max_connections") == "101"
    after = superuser(box, started)
    assert after != before
    told = box.ssh("journalctl -q -t postgres-reload -n 1 -o cat --no-pager")
    assert told == "restarting PostgreSQL, which these parameters take: max_connections"
    again = {"READYHOST_POSTGRES__MAX_CONNECTIONS": "101"}
    assert changes(box.converge(**again).stdout) == {}
    assert superuser(box, started) == after
    box.converge()
    assert superuser(box, "SHOW max_connections") == str(settings(box).postgres.max_connections)


def refusal(box: Host) -> str:
    """What PgBouncer says to a client that it refuses; nothing, if the client gets its answer."""
    try:
        with (
            tunnel(box, settings(box).pgbouncer.port) as pooled,
            connect(pooled, **application(box)) as session,
        ):
            return "" if value(session, "SELECT 1") == "1" else "a wrong answer"
    except psycopg.OperationalError as error:
        return str(error)


@once
def test_DB_01_a_killed_server_is_back(box: Host) -> None:
    version = machine(box).versions.postgresql
    box.ssh(f"kill -9 $(head -n 1 /var/lib/postgresql/{version}/main/postmaster.pid)")
    end = time.monotonic() + 30
    while box.run("cd / && runuser -u postgres -- psql -c 'SELECT 1'").returncode:
        assert time.monotonic() < end, "it did not come back"
        time.sleep(0.2)
    # A client that asked while it was down makes PgBouncer refuse the next ones for `retry_after`
    # seconds, and the one that has it try again.
    end = time.monotonic() + settings(box).pgbouncer.retry_after_seconds + 4
    while (refused := refusal(box)) and time.monotonic() < end:
        assert "cannot connect to server" in refused or "login has been failing" in refused
        time.sleep(0.2)
    for _ in range(10):
        assert refusal(box) == ""
