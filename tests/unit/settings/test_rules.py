"""What the roles demand of each other: each rule broken once, and its border once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from roles.rules import RULES
from roles.rules.names import names_differ
from tests.unit.environments import ENVIRONMENTS, LARGE, Environment, settings

from .conftest import TOML, Files


def conflicts(**values: Any) -> list[tuple[tuple[str, ...], str]]:
    found = [conflict for rule in RULES for conflict in rule(settings(**values))]
    return [(conflict.keys, conflict.message) for conflict in found]


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment.name)
def test_the_environments_of_the_tests_have_no_conflict(environment: Environment) -> None:
    given = {"certificate": "self-signed", "certificate_file": None, "key_file": None}
    whole = environment.settings
    whole = whole.model_copy(update={"tls": whole.tls.model_copy(update=given)})
    assert not [conflict for rule in RULES for conflict in rule(whole)]


def test_the_pools_of_two_releases_fit_pgbouncer_however_many_hosts_there_are() -> None:
    hosts = ["192.0.2.1", "192.0.2.2"]
    assert not conflicts(hosts=hosts, app={"database_pool": 40})
    assert conflicts(hosts=hosts, app={"database_pool": 41}) == [
        (
            ("app.database_pool", "pgbouncer.pool_size"),
            "41 connections of each of two releases are 82, but pgbouncer.pool_size is 80",
        )
    ]


def test_no_two_hosts_write_to_one_copy() -> None:
    given = LARGE.settings.backup.model_dump()
    hosts = ["192.0.2.1", "192.0.2.2"]
    assert not conflicts(backup=given, hosts=hosts[:1])
    assert conflicts(backup=given, hosts=hosts) == [
        (
            (key, "hosts"),
            f"2 hosts would write to the same folder of {place}; give each an environment of its"
            " own (python -m settings new NAME)",
        )
        for key, place in (
            ("backup.offsite.prefix", "shop-backup"),
            ("backup.mirror.path", "backup.example.com"),
        )
    ]


def test_pgbouncer_s_pools_fit_the_server() -> None:
    assert not conflicts(postgres={"max_connections": 92})
    assert conflicts(postgres={"max_connections": 91}) == [
        (
            (
                "pgbouncer.pool_size",
                "postgres.max_connections",
                "postgres.reserved_connections",
                "postgres.databases",
            ),
            "PgBouncer's pools take 82 connections in all, but postgres.max_connections (91) less"
            " the reserved ones (10) are 81",
        )
    ]
    further = {"reports": {"pool_size": 8}}
    assert not conflicts(postgres={"databases": further})
    assert conflicts(postgres={"databases": further, "reserved_connections": 11})


@pytest.mark.parametrize(
    "values, key, other",
    [
        ({"redis": {"port": 5432}}, "redis.port", "postgres.port"),
        ({"pgbouncer": {"port": 6379}}, "redis.port", "pgbouncer.port"),
        ({"ssh": {"port": 443}}, "ssh.port", "nginx"),
        ({"ssh": {"port": 5432}}, "postgres.port", "ssh.port"),
        (
            {"app": {"web": {"listen": "port", "first_port": 6000}}},
            "app.web.first_port",
            "redis.port",
        ),
    ],
)
def test_each_program_has_its_port(values: dict[str, Any], key: str, other: str) -> None:
    ((keys, message),) = conflicts(**values)
    assert keys[0] == key
    assert message.endswith(f" is {other}'s already")


def test_ports_of_an_application_on_sockets_are_nobody_s() -> None:
    assert not conflicts(app={"web": {"listen": "socket", "first_port": 6000}})


@pytest.mark.parametrize("name", ["postgres", "redis", "nginx", "apt", "systemd", "mail"])
def test_an_application_is_not_called_as_something_else(name: str) -> None:
    assert conflicts(app={"name": name}) == [
        (("app.name",), f"{name} is a name that the system uses itself")
    ]


def test_an_application_is_no_person() -> None:
    key = "ssh-ed25519 " + "A" * 68
    whole = settings(
        app={"name": "shop"}, ssh={"user": "shop"}, base={"admins": {"shop-build": [key]}}
    )
    assert [(each.keys, each.message) for each in names_differ(whole)] == [
        (("app.name", "ssh.user"), "shop is who logs in to deploy"),
        (("app.name", "base.admins"), "shop-build is an administrator already"),
    ]


@pytest.mark.parametrize("name", ["sshd", "docker", "systemd-network"])
def test_HOST_09_nobody_is_called_as_the_system_calls_its_own(name: str) -> None:
    key = "ssh-ed25519 " + "A" * 68
    whole = settings(base={"admins": {name: [key], "ubuntu": [key]}})
    assert [(each.keys, each.message) for each in names_differ(whole)] == [
        (("base.admins",), f"{name} is a name that the system uses itself")
    ]


def test_names_are_given_once() -> None:
    assert conflicts(aliases=["www.shop.example", "shop.example"], app={"database_pool": 10}) == [
        (("aliases",), "shop.example is given 2 times, as the domain too")
    ]
    assert conflicts(hosts=["192.0.2.1", "192.0.2.1"], app={"database_pool": 10}) == [
        (("hosts",), "192.0.2.1 is given 2 times")
    ]


def test_a_certificate_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "none.pem"
    ((keys, message),) = conflicts(
        tls={"certificate": "provided", "certificate_file": file, "key_file": file}
    )
    assert keys[0] == "tls.certificate_file"
    assert str(file) in message


def test_whoever_waits_for_a_connection_gets_an_answer() -> None:
    assert not conflicts(nginx={"request_timeout_seconds": 16})
    assert conflicts(nginx={"request_timeout_seconds": 15}) == [
        (
            ("pgbouncer.queue_timeout_seconds", "nginx.request_timeout_seconds"),
            "must be less than nginx.request_timeout_seconds (15 s)",
        )
    ]


@pytest.mark.parametrize(
    "values, key",
    [
        ({"nginx": {"clients": 3001}}, "nginx.clients"),
        ({"nginx": {"backlog": 4097}}, "nginx.backlog"),
        ({"redis": {"tcp_backlog": 4097}}, "redis.tcp_backlog"),
    ],
)
def test_the_kernel_is_sized_for_it(values: dict[str, Any], key: str) -> None:
    ((keys, _),) = conflicts(**values)
    assert keys == (key, "base.connections")
    assert not conflicts(**values, base={"connections": 6000})


def test_a_conflict_is_said_where_one_of_its_keys_was_given(files: Files) -> None:
    files.toml(f"{TOML}[pgbouncer]\npool_size = 20\n")
    assert files.errors() == [
        "test.toml:5: pgbouncer.pool_size: 36 connections of each of two releases are 72,"
        " but pgbouncer.pool_size is 20"
    ]
    files.more_env(READYHOST_APP__DATABASE_POOL="30")
    assert files.errors()[0].startswith("test.env:5: READYHOST_APP__DATABASE_POOL: 30 connections")
