"""The connection budget, and what is refused of it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.pgbouncer import PgBouncer, open_files, server_connections, url
from roles.pgbouncer.files import entries
from roles.pgbouncer.pools import pools
from roles.postgres import Postgres

SERVER = Postgres(password="7b1f0e4d6c9a4f2e8d3b5a7c9e1f0b24", databases={"logs": {"pool_size": 7}})


def content(path: str, codename: str = "jammy", **values: Any) -> str:
    found = entries(PgBouncer(**values), Machine.example(codename), SERVER, "Etc/UTC")
    (file,) = [entry for entry in found if isinstance(entry, File) and entry.path == path]
    return file.data.decode()


def test_all_pools_and_lookups_are_counted() -> None:
    settings = PgBouncer(pool_size=40)
    assert server_connections(settings, {"logs": 7}) == 40 + 7 + 2
    assert [(pool.size, pool.limit) for pool in pools(settings, "app", {"logs": 7})] == [
        (40, 42),
        (7, 9),
    ]


def test_open_files_cover_every_client_and_rarely_change() -> None:
    assert open_files(PgBouncer(max_clients=1000), {}) == 2048
    assert open_files(PgBouncer(max_clients=1000), {"logs": 7}) == 2048
    assert open_files(PgBouncer(max_clients=4900), {}) == 5120


def test_more_clients_than_the_host_has_files_are_refused() -> None:
    machine = Machine.example(open_files=4096)
    with pytest.raises(OperatorError, match=r"this host allows 4096.*Nothing has been changed"):
        entries(PgBouncer(max_clients=5000), machine, SERVER, "Etc/UTC")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"pool_mode": "statement"}, "'session' or 'transaction'"),
        ({"max_clients": 40}, "must not be less than pool_size"),
        ({"allow": ["192.0.2.0/24"]}, "allow has no effect without listen"),
        ({"ignored_parameters": ["a, b"]}, "pattern"),
    ],
)
def test_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        PgBouncer(**values)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("codename", "known"),
    [("jammy", False), ("bookworm", False), ("noble", True), ("trixie", True)],
)
def test_only_options_that_the_version_knows(codename: str, known: bool) -> None:
    assert ("max_prepared_statements" in content("/etc/pgbouncer/pgbouncer.ini", codename)) is known


def test_the_console_database_has_no_one_to_look_passwords_up() -> None:
    main = content("/etc/pgbouncer/pgbouncer.ini")
    databases, rest = main.split("[pgbouncer]")
    assert databases.count("auth_user=pgbouncer") == 2
    assert "auth_user" not in rest


def test_the_url_leads_to_the_pool() -> None:
    found = url(PgBouncer(port=6543), SERVER).get_secret_value()
    assert found.endswith("@127.0.0.1:6543/app")
