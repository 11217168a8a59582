"""PgBouncer on the running host: what it is set to, and what its clients notice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import psycopg
import pytest

from tests.host.conftest import Host
from tests.host.database import application, connect, console, settings, superuser, tunnel, value
from tests.host.stages import once
from vagrant.running import work

ROUNDS = 15
CLIENTS = 6
IDLE = 30  # seconds, as the catalogue has it


@pytest.fixture(scope="module")
def port(box: Host) -> Iterator[int]:
    """PgBouncer's port, as the box itself reaches it."""
    with tunnel(box, settings(box).pgbouncer.port) as local:
        yield local


@pytest.fixture(scope="module")
def left_idle(box: Host, port: int) -> tuple[list[str], float]:
    """Backends of sessions that have just ended, and when that was. They are more than the example
    takes of them, which may just have started."""
    with ExitStack() as open_sessions:
        sessions = [
            open_sessions.enter_context(connect(port, **application(box)))
            for _ in range(2 * CLIENTS)
        ]
        backends = [value(session, "SELECT pg_backend_pid()") for session in sessions]
    return backends, time.monotonic()


def test_DB_03_show_config_has_the_promises(box: Host, left_idle: tuple[list[str], float]) -> None:
    wanted = {
        "pool_mode": "session",
        "server_idle_timeout": str(IDLE),
        "server_lifetime": "3600",
        "server_check_delay": "0",
        "server_check_query": "select 1",
        "server_login_retry": "1",
        "query_wait_timeout": str(settings(box).pgbouncer.queue_timeout_seconds),
        "max_client_conn": str(settings(box).pgbouncer.max_clients),
        "auth_type": "hba",
        "listen_addr": "127.0.0.1",
    }
    shown = {row["key"]: row["value"] for row in console(box, "SHOW CONFIG")}
    assert {key: shown[key] for key in wanted} == wanted


def test_DB_02_the_pool_is_the_connection_budget(box: Host) -> None:
    name = settings(box).postgres.database
    (pool,) = [row for row in console(box, "SHOW DATABASES") if row["name"] == name]
    size = settings(box).pgbouncer.pool_size
    assert int(pool["pool_size"]) == size
    free = superuser(
        box,
        "SELECT current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int",
    )
    assert int(pool["max_connections"]) < int(free)


def test_DB_02_more_clients_than_connections_wait_their_turn(box: Host, port: int) -> None:
    size = settings(box).pgbouncer.pool_size
    login = application(box)

    def ask(number: int) -> str:
        with connect(port, **login) as session:
            return value(session, f"SELECT {number} FROM pg_sleep(0.05)")

    with ThreadPoolExecutor(size + 30) as clients:
        answers = list(clients.map(ask, range(3 * size)))
    assert answers == [str(number) for number in range(3 * size)]
    held = superuser(
        box,
        f"SELECT count(*) FROM pg_stat_activity WHERE usename = '{settings(box).postgres.user}'",
    )
    assert int(held) <= size


def test_DB_03_killed_server_connections_cost_no_request(box: Host, port: int) -> None:
    login = application(box)

    def ask(number: int) -> str:
        with connect(port, **login) as session:
            return value(session, f"SELECT {number}")

    killed = 0
    with ThreadPoolExecutor(CLIENTS) as clients:
        for _ in range(ROUNDS):
            numbers = range(CLIENTS)
            assert list(clients.map(ask, numbers)) == [str(number) for number in numbers]
            idle = [
                row["remote_pid"]
                for row in console(box, "SHOW SERVERS")
                if row["state"] in ("idle", "used") and row["user"] == settings(box).postgres.user
            ]
            assert idle, "there was nothing to kill"
            superuser(box, f"SELECT pg_terminate_backend(pid) FROM unnest(ARRAY{idle}::int[]) pid")
            killed += len(idle)
    assert killed >= ROUNDS


def test_DB_03_a_pool_that_pings_first_loses_nothing(box: Host, port: int) -> None:
    sessions = [connect(port, **application(box)) for _ in range(CLIENTS)]
    for _ in range(3):
        backends = [int(value(session, "SELECT pg_backend_pid()")) for session in sessions]
        superuser(box, f"SELECT pg_terminate_backend(pid) FROM unnest(ARRAY{backends}) pid")
        for place, session in enumerate(sessions):
            try:
                session.execute("SELECT 1")
            except psycopg.OperationalError:
                session.close()
                sessions[place] = connect(port, **application(box))
        assert [value(session, "SELECT 7") for session in sessions] == ["7"] * CLIENTS
    for session in sessions:
        session.close()


def test_DB_03_nothing_of_a_session_is_left_to_the_next(box: Host, port: int) -> None:
    with connect(port, **application(box)) as session:
        session.execute("SET statement_timeout = 12345")
        session.execute("CREATE TEMPORARY TABLE left_behind (n int)")
        backend = value(session, "SELECT pg_backend_pid()")
    limit = settings(box).postgres.statement_timeout_seconds
    with ExitStack() as open_sessions:  # so that each gets another server connection
        for _ in range(settings(box).pgbouncer.pool_size):
            session = open_sessions.enter_context(connect(port, **application(box)))
            assert value(session, "SHOW statement_timeout") in (f"{limit}s", f"{limit // 60}min")
            assert value(session, "SELECT to_regclass('left_behind')") == "None"
            if value(session, "SELECT pg_backend_pid()") == backend:
                return
    pytest.fail("the pool never gave that server connection again")


def test_DB_03_the_console_is_for_postgres_alone(box: Host, port: int) -> None:
    for user in ("pgbouncer", settings(box).postgres.user, "postgres"):
        with pytest.raises(psycopg.OperationalError):
            connect(port, **{**application(box), "user": user, "dbname": "pgbouncer"})
    socket = f"psql -w -h /run/postgresql -p {settings(box).pgbouncer.port} -U pgbouncer pgbouncer"
    result = box.run(f"cd / && runuser -u nobody -- {socket} -c 'SHOW VERSION'")
    assert result.returncode == 2
    assert "Permission denied" in result.stderr


def test_DB_03_strangers_leave_it_standing(box: Host, port: int) -> None:
    process = "systemctl show -p MainPID --value pgbouncer"
    before = box.ssh(process)
    known = application(box)
    for user in (known["user"], "pgbouncer", "postgres", "nobody", "x" * 63):
        for database in (known["dbname"], "pgbouncer", "postgres", "nothing"):
            for password in ("", "wrong"):
                with pytest.raises(psycopg.OperationalError):
                    connect(port, user=user, password=password, dbname=database)
    assert box.ssh(process) == before
    _answers_within(box, port, 1)


def test_DB_03_open_files_suffice_for_every_client(box: Host) -> None:
    limits = box.ssh("cat /proc/$(systemctl show -p MainPID --value pgbouncer)/limits")
    (line,) = [line for line in limits.splitlines() if line.startswith("Max open files")]
    wanted = settings(box).pgbouncer.max_clients + settings(box).pgbouncer.pool_size
    assert int(line.split()[3]) >= wanted


@once
def test_DB_03_new_values_reach_a_running_pooler(box: Host, port: int) -> None:
    with connect(port, **application(box)) as session:
        session.execute("CREATE TEMPORARY TABLE kept (n int)")
        output = box.converge(READYHOST_PGBOUNCER__QUEUE_TIMEOUT_SECONDS="14").stdout
        assert work(output).keys() == {"PgBouncer | configuration", "PgBouncer | running"}
        shown = {row["key"]: row["value"] for row in console(box, "SHOW CONFIG")}
        assert shown["query_wait_timeout"] == "14"
        assert value(session, "SELECT count(*) FROM kept") == "0"
    # The settings are put back by the run that the next test begins with, and the one at its end.


@once
def test_DB_03_transaction_pooling_is_one_setting_away(box: Host, port: int) -> None:
    box.converge(READYHOST_PGBOUNCER__POOL_MODE="transaction")
    try:
        with ExitStack() as open_sessions:
            sessions = [
                open_sessions.enter_context(connect(port, **application(box)))
                for _ in range(settings(box).pgbouncer.pool_size + 10)
            ]
            # All of them stay connected, and still share a few server connections.
            backends = {value(session, "SELECT pg_backend_pid()") for session in sessions}
        assert len(backends) < len(sessions) / 2
    finally:
        box.converge()
    assert {row["key"]: row["value"] for row in console(box, "SHOW CONFIG")}[
        "pool_mode"
    ] == "session"


@once
def test_DB_03_idle_server_connections_are_dropped(
    box: Host, left_idle: tuple[list[str], float]
) -> None:
    backends, since = left_idle
    # PgBouncer looks for them every third of a second, and at each start of a minute's third.
    time.sleep(max(0.0, since + IDLE + 5 - time.monotonic()))
    servers = [row for row in console(box, "SHOW SERVERS") if row["remote_pid"] in backends]
    assert len(servers) < len(backends) - 1
    assert sum(row["state"] == "idle" for row in servers) <= 1, servers


@once
def test_DB_03_it_is_back_when_killed_and_after_its_server(box: Host, port: int) -> None:
    box.ssh("systemctl kill -s KILL pgbouncer")
    _answers_within(box, port, 5)
    box.ssh("systemctl restart 'postgresql@*'")
    _answers_within(box, port, 5)


def _answers_within(box: Host, port: int, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            with connect(port, **application(box)) as session:
                assert value(session, "SELECT 1") == "1"
                return
        except psycopg.OperationalError:
            assert time.monotonic() < end, f"no answer after {seconds} s"
            time.sleep(0.1)
