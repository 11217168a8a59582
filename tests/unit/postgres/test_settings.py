"""What is refused before any host is touched."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.postgres import Postgres, available_connections
from roles.postgres.files import packages

PASSWORD = "7b1f0e4d6c9a4f2e8d3b5a7c9e1f0b24"
FURTHER = {"password": "c3e5a7194b6d4f8290b1d2f3a4c5e607"}

REFUSED = [
    ({"password": "postgres"}, "at least 16"),
    ({"user": "postgres"}, "which PostgreSQL or PgBouncer uses itself"),
    ({"user": "pg_reader"}, "which PostgreSQL or PgBouncer uses itself"),
    ({"user": "a\nb"}, "one line"),
    ({"user": "ä" * 32}, "at most 63 bytes"),
    ({"database": "pgbouncer"}, "which PostgreSQL or PgBouncer uses itself"),
    ({"database": "a b"}, "pattern"),
    ({"roles": {"app": FURTHER}}, "the application's role already"),
    ({"databases": {"app": {}}}, "the application's database already"),
    ({"databases": {"b": {"owner": "x"}}}, "databases.b.owner: x is none of the roles"),
    ({"roles": {"b": {"databases": ["x"]}}}, "roles.b.databases: x is none of the databases"),
    ({"roles": {"b": {"member_of": ["x"]}}}, "roles.b.member_of: x is no other role"),
    ({"roles": {"b": {"member_of": ["b"]}}}, "roles.b.member_of: b is no other role"),
    ({"superuser_connections": 10}, "must be less than reserved_connections"),
    ({"reserved_connections": 50, "max_connections": 50}, "must be less than max_connections"),
    ({"min_wal_mb": 4096}, "min_wal_mb must be less than max_wal_mb"),
    ({"allow": ["192.0.2.0/24"]}, "allow has no effect without listen"),
    ({"listen": ["*"]}, "valid IPv4 or IPv6 address"),
    ({"allow": ["192.0.2.1/24"], "listen": ["192.0.2.1"]}, "valid IPv4 or IPv6 network"),
    ({"tls_key": "relative"}, "pattern"),
    ({"vacuum_schedule": "weekly"}, "is not a time"),
    ({"vacuum_schedule": "0 3 * * 0 root true; 0 3 * * 0"}, "is not a time"),
    ({"maxconnections": 5}, "Extra inputs"),
]


@pytest.mark.parametrize(("values", "message"), REFUSED)
def test_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        Postgres(**{"password": PASSWORD, **values})
    assert message in str(error.value)


@pytest.mark.parametrize("schedule", ["30 3 * * 0", "*/5 1-3 1,15 * sun", "0 4 1 * *"])
def test_schedules_that_cron_takes(schedule: str) -> None:
    assert Postgres(password=PASSWORD, vacuum_schedule=schedule).vacuum_schedule == schedule


def test_another_version_than_the_distributions_is_refused() -> None:
    with pytest.raises(OperatorError, match=r"jammy has PostgreSQL 14.*Nothing has been changed"):
        packages(Postgres(password=PASSWORD, version="16"), Machine.example("jammy"))


def test_packages_follow_the_version() -> None:
    settings = Postgres(password=PASSWORD, extension_packages=["postgresql-{version}-postgis-3"])
    assert "postgresql-16-postgis-3" in packages(settings, Machine.example("noble"))
    assert "postgresql-14" in packages(settings, Machine.example("jammy"))


def test_pools_may_have_what_is_not_reserved() -> None:
    assert available_connections(Postgres(password=PASSWORD)) == 90
