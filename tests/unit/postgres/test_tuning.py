"""The computed parameters against what pgtune prints for the same servers."""

from __future__ import annotations

from typing import Any

import pytest

from roles.core.machine import Machine
from roles.postgres import Postgres, Tuning, share_mb, tune
from roles.postgres.files import size


def make(**values: Any) -> Postgres:
    return Postgres(password="7b1f0e4d6c9a4f2e8d3b5a7c9e1f0b24", **values)


def tuned(memory_mb: int, cores: int, connections: int, storage: str) -> Tuning:
    """For a host whose RAM is twice `memory_mb`, of which PostgreSQL has half."""
    settings = make(max_connections=connections, storage=storage, memory_percent=50)
    return tune(settings, Machine.example(memory_mb=memory_mb * 2, cores=cores))


# What pgtune (https://github.com/le0pard/pgtune, July 2026) computes for Linux, "web", "mid_ram":
# memory MB, cores, connections, storage -> shared_buffers, effective_cache_size,
# maintenance_work_mem, autovacuum_work_mem (None: not set), work_mem, wal_buffers in kB,
# random_page_cost, effective_io_concurrency, autovacuum_max_workers (None: not set),
# max_worker_processes, max_parallel_workers_per_gather, max_parallel_maintenance_workers
# (None: not set).
PUBLISHED = [
    ((512, 1, 100, "ssd"),
     (131072, 393216, 32768, None, 4096, 3932, 1.1, 200, None, None, None, None)),
    ((2048, 2, 100, "ssd"),
     (524288, 1572864, 131072, None, 4854, 16384, 1.1, 200, None, None, None, None)),
    ((4096, 4, 200, "ssd"),
     (1048576, 3145728, 262144, None, 5140, 16384, 1.1, 200, None, 4, 2, 2)),
    ((8192, 6, 200, "hdd"),
     (2097152, 6291456, 524288, None, 10180, 16384, 4, 2, None, 6, 3, 3)),
    ((16384, 8, 200, "ssd"),
     (4194304, 12582912, 1048576, None, 20164, 16384, 1.1, 200, None, 8, 4, 4)),
    ((65536, 16, 300, "nvme"),
     (16777216, 50331648, 4194304, 2097152, 53092, 16384, 1.1, 1000, 4, 16, 4, 4)),
    ((262144, 32, 500, "san"),
     (67108864, 201326592, 8388608, 2097152, 126144, 16384, 1.1, 300, 5, 32, 4, 4)),
]  # fmt: skip


@pytest.mark.parametrize(("server", "published"), PUBLISHED)
def test_values_are_those_that_pgtune_prints(
    server: tuple[int, int, int, str], published: tuple[Any, ...]
) -> None:
    found = tuned(*server)
    buffers, cache, maintenance, vacuum, sort, wal, page, io, vacuums, processes, gather, build = (
        published
    )
    assert found.shared_buffers == buffers
    assert found.effective_cache_size == cache
    assert found.maintenance_work_mem == maintenance
    assert found.autovacuum_work_mem == (vacuum or maintenance)  # PostgreSQL's own default
    assert found.work_mem == sort
    assert found.wal_buffers == wal
    assert found.random_page_cost == page
    assert found.effective_io_concurrency == io
    assert found.autovacuum_max_workers == (vacuums or 3)
    assert found.max_worker_processes == (processes or 8)
    # Below four cores pgtune leaves PostgreSQL's 2; here one query must not take every core.
    assert found.max_parallel_workers_per_gather == (gather or 0)
    assert found.max_parallel_maintenance_workers == (build or 1)
    assert found.max_parallel_workers == server[1]


def test_all_that_is_claimed_fits_into_the_share() -> None:
    """Three sorts in every process, beside the buffers, as pgtune reckons."""
    settings, machine = make(memory_percent=40), Machine.example(memory_mb=16384, cores=8)
    found, share = tune(settings, machine), share_mb(settings, machine) * 1024
    processes = settings.max_connections + found.max_worker_processes
    assert share == 16384 * 1024 * 40 // 100 // 1024 * 1024
    assert found.shared_buffers + 3 * found.work_mem * processes <= share


@pytest.mark.parametrize(
    ("kilobytes", "shown"),
    [(524288, "512MB"), (4854, "4854kB"), (1048576, "1GB"), (1572864, "1536MB"), (0, "0kB")],
)
def test_sizes_are_written_as_show_prints_them(kilobytes: int, shown: str) -> None:
    assert size(kilobytes) == shown
