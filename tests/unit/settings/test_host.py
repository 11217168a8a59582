"""What a machine is too small for is refused before its first change."""

from __future__ import annotations

from typing import Any

import pytest

from roles.app import Release
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from settings import check_host
from tests.unit.environments import ENVIRONMENTS, Environment, settings


def refusal(machine: Machine, release: Release | None = None, **values: Any) -> str:
    with pytest.raises(OperatorError) as raised:
        check_host(settings(**values), machine, release or Release.example())
    return str(raised.value)


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment.name)
def test_the_environments_of_the_tests_fit(environment: Environment) -> None:
    check_host(environment.settings, environment.machine, environment.release)


@pytest.mark.parametrize("memory_mb", [960, 1024, 2048, 4096, 16384, 262144])
@pytest.mark.parametrize("cores", [1, 2, 8, 64])
@pytest.mark.parametrize("kind", ["python", "node"])
def test_the_defaults_fit_any_host(memory_mb: int, cores: int, kind: str) -> None:
    machine = Machine.example(cores=cores, memory_mb=memory_mb)
    check_host(settings(), machine, Release.example(kind))


def test_memory_beyond_the_host_s() -> None:
    machine = Machine.example(memory_mb=2048)
    check_host(settings(redis={"maxmemory_mb": 369}), machine, Release.example())
    assert refusal(machine, redis={"maxmemory_mb": 370}) == (
        "memory: PostgreSQL (postgres.memory_percent) 320, Redis (redis.maxmemory_mb and half of"
        " it) 555, the application (app.memory_share_percent) 1024, the system 150: 2049 MiB in"
        " all,"
        " but the host has 2048; nothing has been changed"
    )


def test_a_host_that_is_too_small_for_anything() -> None:
    assert refusal(Machine.example(cores=1, memory_mb=512)).startswith("memory: ")


def test_more_processes_than_connections() -> None:
    found = refusal(Machine.example(), app={"web": {"instances": 41}})
    assert "app.web.instances is 41" in found
    assert found.endswith("nothing has been changed")


def test_a_ceiling_above_the_application_s() -> None:
    assert "memory_max_mb of 3000 MiB" in refusal(
        Machine.example(memory_mb=4096), app={"web": {"memory_max_mb": 3000}}
    )


def test_more_cache_connections_than_redis_accepts() -> None:
    values: dict[str, Any] = {"app": {"redis_pool": 100}, "redis": {"maxclients": 1000}}
    check_host(settings(**values), Machine.example(cores=2), Release.example())
    found = refusal(Machine.example(cores=3), **values)
    assert found.startswith(
        "redis.maxclients: 7 processes with 100 connections each (app.redis_pool) may open 1400"
    )


def test_all_that_does_not_fit_is_said_at_once() -> None:
    found = refusal(
        Machine.example(memory_mb=1024),
        app={"redis_pool": 1000},
        redis={"maxmemory_mb": 4096},
    )
    headline, *lines = found.splitlines()
    assert headline == "2 things do not fit this host; nothing has been changed:"
    assert [line.split(":")[0].strip() for line in lines] == ["memory", "redis.maxclients"]
