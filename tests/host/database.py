"""A box's database as the application and an administrator see it."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from roles.core.machine import PROBE, Machine, parse
from settings import Settings, load
from vagrant.driver import Box

Connection = psycopg.Connection[tuple]


def settings(box: Box) -> Settings:
    """The settings that the box was converged with. This process's own variables have no part in
    it, and stay as they are: other threads start programs with them meanwhile."""
    return load("vagrant", data=[], environ=box.values)


def machine(box: Box) -> Machine:
    """The machine as a run sees it."""
    return parse(box.ssh(PROBE).splitlines())


def superuser(box: Box, sql: str, database: str = "postgres") -> str:
    """What psql, run by the system's user postgres, prints for `sql`: no header, no alignment."""
    port = settings(box).postgres.port
    command = (
        f"cd / && runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -p {port} -d {database}"
    )
    return box.ssh(command, stdin=sql)


def console(box: Box, command: str) -> list[dict[str, str]]:
    """Rows of a command to PgBouncer's console."""
    port = settings(box).pgbouncer.port
    psql = f"cd / && runuser -u postgres -- psql -XAq -P footer=off -h /run/postgresql -p {port}"
    header, *rows = box.ssh(f"{psql} -U pgbouncer pgbouncer", stdin=command).splitlines()
    return [dict(zip(header.split("|"), row.split("|"), strict=True)) for row in rows]


@contextmanager
def tunnel(box: Box, port: int) -> Iterator[int]:
    """A port of this machine that leads to the box's own 127.0.0.1:port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        local = free.getsockname()[1]
    *ssh, target = box._ssh()
    forward = f"127.0.0.1:{local}:127.0.0.1:{port}"
    box.ssh("true")  # the connection that carries it
    subprocess.run([*ssh, "-O", "forward", "-L", forward, target], check=True, capture_output=True)
    try:
        yield local
    finally:
        with suppress(subprocess.CalledProcessError):
            subprocess.run(
                [*ssh, "-O", "cancel", "-L", forward, target], check=True, capture_output=True
            )


def connect(port: int, *, user: str, password: str, dbname: str) -> Connection:
    """A session over a tunnel, every statement its own transaction."""
    return psycopg.connect(
        host="127.0.0.1",
        port=port,
        user=user,
        password=password,
        dbname=dbname,
        connect_timeout=20,
        autocommit=True,
        sslmode="disable",
    )


def application(box: Box) -> dict[str, str]:
    """What the application logs in with."""
    database = settings(box).postgres
    return {
        "user": database.user,
        "password": database.password.get_secret_value(),
        "dbname": database.database,
    }


def value(connection: Connection, sql: str) -> str:
    """The one value that a query gives, as text."""
    row = connection.execute(sql).fetchone()
    assert row is not None
    return str(row[0])


def refused(address: str, port: int) -> bool:
    """Whether nothing accepts a connection there from this machine."""
    try:
        socket.create_connection((address, port), timeout=3).close()
    except OSError:
        return True
    return False
