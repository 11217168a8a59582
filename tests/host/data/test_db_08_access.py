"""Who gets into the database, and how far."""

from __future__ import annotations

import hashlib
import json

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests.host.conftest import Host
from tests.host.database import application, connect, refused, settings, superuser, tunnel, value
from tests.host.stages import once_at_all
from vagrant.running import changes, work

ROLE = "we\"ird 'röle\\ 50%"
ROLE_SQL = '"' + ROLE.replace('"', '""') + '"'
ROLE_PASSWORD = "p'w\"d\\9%@:/#?&Kq7Lm"


def test_DB_08_nothing_listens_to_the_outside(box: Host) -> None:
    assert refused(box.ip, settings(box).postgres.port)
    assert refused(box.ip, settings(box).pgbouncer.port)
    listening = box.ssh("ss -ltnH | awk '{print $4}'").split()
    ports = (f":{settings(box).postgres.port}", f":{settings(box).pgbouncer.port}")
    open_doors = [address for address in listening if address.endswith(ports)]
    assert open_doors
    assert all(address.startswith(("127.0.0.1:", "[::1]:")) for address in open_doors)


def test_DB_08_an_md5_login_is_refused(box: Host, port: int) -> None:
    password = "an-md5-password-5f1c"
    digest = hashlib.md5((password + "old_client").encode()).hexdigest()
    superuser(
        box,
        "SET log_statement = none; DROP ROLE IF EXISTS old_client;"
        f" CREATE ROLE old_client LOGIN PASSWORD 'md5{digest}';"
        f' GRANT CONNECT ON DATABASE "{settings(box).postgres.database}" TO old_client',
    )
    login = {**application(box), "user": "old_client", "password": password}
    try:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(port, **login)
        with (
            tunnel(box, settings(box).pgbouncer.port) as pooled,
            pytest.raises(psycopg.OperationalError, match=r"(SASL|password) authentication failed"),
        ):
            connect(pooled, **login)
    finally:
        superuser(
            box,
            f'REVOKE ALL ON DATABASE "{settings(box).postgres.database}" FROM old_client;'
            " DROP ROLE old_client",
        )


def test_DB_08_the_superuser_has_no_door_on_the_network(box: Host, port: int) -> None:
    login = {"user": "postgres", "password": "whatever", "dbname": "postgres"}
    with pytest.raises(psycopg.OperationalError, match="rejects connection"):
        connect(port, **login)
    with (
        tunnel(box, settings(box).pgbouncer.port) as pooled,
        pytest.raises(psycopg.OperationalError),
    ):
        connect(pooled, **{**login, "dbname": settings(box).postgres.database})


def test_DB_08_no_other_system_user_gets_in_without_a_password(box: Host) -> None:
    user = settings(box).postgres.user
    for role in (user, "postgres", "pgbouncer"):
        result = box.run(
            f"cd / && runuser -u nobody -- psql -w -h /run/postgresql -U '{role}' -d postgres -c ''"
        )
        assert result.returncode == 2, role
        assert "Peer authentication failed" in result.stderr, result.stderr


@once_at_all
def test_DB_08_a_role_has_its_own_database_and_no_more(box: Host, port: int) -> None:
    roles = json.dumps({ROLE: {"password": ROLE_PASSWORD}})
    databases = json.dumps({"other-db": {"extensions": ["pgcrypto"]}})
    wanted = {
        "READYHOST_POSTGRES__ROLES": roles,
        "READYHOST_POSTGRES__DATABASES": databases,
    }
    main = settings(box).postgres.database
    role = {"user": ROLE, "password": ROLE_PASSWORD, "dbname": main}
    box.converge(**wanted)
    assert changes(box.converge(**wanted).stdout) == {}

    with tunnel(box, settings(box).pgbouncer.port) as pooled:
        for place in (port, pooled):
            with connect(place, **role) as session:
                assert value(session, "SELECT current_user") == ROLE
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    session.execute("CREATE TABLE public.mine (n int)")
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                connect(place, **{**role, "dbname": "other-db"})
            with connect(place, **{**application(box), "dbname": "other-db"}) as session:
                assert value(session, "SELECT length(gen_random_bytes(4))") == "4"
                session.execute("CREATE TABLE public.mine (n int)")
                session.execute("DROP TABLE public.mine")

        # A password that somebody changed on the host is the settings' again after a run.
        superuser(box, f"ALTER ROLE {ROLE_SQL} PASSWORD 'changed-by-hand'")
        with pytest.raises(psycopg.OperationalError):
            connect(pooled, **role)
        assert list(work(box.converge(**wanted).stdout)) == ["PostgreSQL | roles and databases"]
        connect(pooled, **role).close()

        # A role that the settings no longer name is shut out.
        box.converge()
        for place in (port, pooled):
            with pytest.raises(psycopg.OperationalError):
                connect(place, **role)
    superuser(
        box,
        f'DROP DATABASE "other-db"; DROP OWNED BY {ROLE_SQL}; DROP ROLE {ROLE_SQL}',
    )


def test_DB_08_no_password_is_in_a_log_or_the_statistics(box: Host) -> None:
    password = settings(box).postgres.password.get_secret_value()
    # The pattern comes by standard input: on a command line it would be in a process list.
    for secret in (password, ROLE_PASSWORD, "SCRAM-SHA-256$4096"):
        found = box.run(
            "{ cat /var/log/postgresql/*.log; journalctl --no-pager -o cat; } > /run/seen;"
            " grep -c -F -f - /run/seen; rm /run/seen",
            stdin=secret + "\n",
        )
        assert found.stdout.strip() == "0", f"{found.stdout}{found.stderr}"
        name = settings(box).postgres.database
        statements = superuser(box, "SELECT query FROM pg_stat_statements", name)
        assert secret not in statements


@once_at_all
def test_DB_08_between_hosts_there_is_tls_or_nothing(box: Host) -> None:
    outside = "10.0.3.1"  # this machine, as the box sees it
    places = {
        "READYHOST_POSTGRES__LISTEN": json.dumps([box.ip]),
        "READYHOST_POSTGRES__ALLOW": json.dumps([f"{outside}/32"]),
        "READYHOST_PGBOUNCER__LISTEN": json.dumps([box.ip]),
        "READYHOST_PGBOUNCER__ALLOW": json.dumps([f"{outside}/32"]),
        "READYHOST_FIREWALL__ALLOW": json.dumps(
            [
                {"port": port, "sources": [f"{outside}/32"]}
                for port in (settings(box).postgres.port, settings(box).pgbouncer.port)
            ]
        ),
    }
    try:
        box.converge(**places)
        for port in (settings(box).postgres.port, settings(box).pgbouncer.port):

            def enter(tls: str, *, port: int = port, **other: str) -> psycopg.Connection[tuple]:
                text = make_conninfo(
                    "", host=box.ip, port=port, sslmode=tls, **{**application(box), **other}
                )
                return psycopg.connect(text, connect_timeout=10)

            with enter("require") as session:
                assert session.pgconn.ssl_in_use
                assert value(session, "SELECT current_user") == settings(box).postgres.user
            with pytest.raises(psycopg.OperationalError):
                enter("disable")
            with pytest.raises(psycopg.OperationalError):
                enter("require", user="postgres")
    finally:
        box.converge()
    assert refused(box.ip, settings(box).postgres.port)
