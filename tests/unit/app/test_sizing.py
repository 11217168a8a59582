"""How many processes, and how large."""

from __future__ import annotations

import pytest

from roles.app.processes import Web
from roles.app.sizing import ceiling_mb, claimed_mb, heap_mb, instances, pool_size
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import settings


@pytest.mark.parametrize(
    ("kind", "cores", "workers", "expected"),
    [
        ("python", 1, 0, 3),
        ("python", 2, 1, 5),
        ("python", 16, 1, 33),
        ("python", 32, 2, 34),  # the pool of 36 has no more for web processes
        ("node", 1, 0, 1),
        ("node", 16, 1, 16),
        ("command", 4, 0, 4),
    ],
)
def test_instances(kind: str, cores: int, workers: int, expected: int) -> None:
    machine = Machine.example(cores=cores, memory_mb=16_384)
    assert instances(settings(), machine, kind, workers) == expected


def test_two_releases_fit_side_by_side() -> None:
    small = Machine.example(cores=2, memory_mb=1024)
    assert instances(settings(), small, "python", workers=1) == 2  # 3 x 80 MiB, twice, in 512
    assert instances(settings(memory_process_mb=40), small, "python", workers=1) == 5
    with pytest.raises(OperatorError, match=r"into the 512 MiB .* 3 processes in all do"):
        instances(settings(web={"instances": 3}), small, "python", workers=1)
    with pytest.raises(OperatorError, match=r"1 web processes and 3 workers"):
        instances(settings(), small, "python", workers=3)


def test_node_never_has_more_processes_than_cores() -> None:
    two = Machine.example(cores=2)
    assert instances(settings(web={"instances": 2}), two, "node") == 2
    with pytest.raises(OperatorError, match="has 2 cores"):
        instances(settings(web={"instances": 3}), two, "node")


def test_a_number_beyond_the_connections_is_refused() -> None:
    crowded = settings(web={"instances": 12}, database_pool=12)
    assert instances(crowded, Machine.example(), "python") == 12
    with pytest.raises(OperatorError, match="12 connections"):
        instances(crowded, Machine.example(), "python", workers=1)


def test_memory() -> None:
    small, large = Machine.example(memory_mb=1024), Machine.example(memory_mb=8192)
    assert claimed_mb(settings(), small) == 512
    assert ceiling_mb(Web(), settings(), small) == 512
    assert ceiling_mb(Web(), settings(), large) == 1024
    assert ceiling_mb(Web(memory_max_mb=300), settings(), small) == 300
    with pytest.raises(OperatorError, match="513 MiB is above the 512 MiB"):
        ceiling_mb(Web(memory_max_mb=513), settings(), small)


def test_heap() -> None:
    assert heap_mb(Web(), 1024) == 768
    assert heap_mb(Web(heap_mb=500), 1024) == 500
    with pytest.raises(OperatorError, match="does not fit"):
        heap_mb(Web(heap_mb=1024), 1024)


def test_the_pool_is_shared_and_never_overbooked() -> None:
    assert pool_size(settings(database_pool=40), 6) == 6
    assert pool_size(settings(database_pool=40), 40) == 1
    with pytest.raises(OperatorError, match="41 processes share 40"):
        pool_size(settings(database_pool=40), 41)
