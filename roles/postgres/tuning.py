"""What PostgreSQL is given of a host: pgtune's web profile, computed from RAM and cores.

The formulas are those of https://github.com/le0pard/pgtune (configurationSlice.js, July 2026) for
Linux and the database type "web", with the RAM replaced by PostgreSQL's share of it. Where this
differs it says so.
"""

from dataclasses import dataclass

from roles.core.machine import Machine

from .settings import Postgres

KB, MB, GB = 1, 1024, 1024 * 1024  # in kilobytes, PostgreSQL's own unit here

DEFAULT_WORKER_PROCESSES = 8  # PostgreSQL's max_worker_processes
DEFAULT_AUTOVACUUM_WORKERS = 3  # PostgreSQL's autovacuum_max_workers
CHECKPOINT_COMPLETION = 0.9  # writes spread over nearly all of the time to the next
MAX_PARALLEL = 4  # pgtune: no clear evidence that more help one query

RANDOM_PAGE_COST = {"hdd": 4.0, "ssd": 1.1, "san": 1.1, "nvme": 1.1}
IO_CONCURRENCY = {"hdd": 2, "ssd": 200, "san": 300, "nvme": 1000}


@dataclass(frozen=True)
class Tuning:
    """The computed parameters. Memory in kB, workers in processes."""

    shared_buffers: int
    effective_cache_size: int
    maintenance_work_mem: int
    autovacuum_work_mem: int
    work_mem: int
    wal_buffers: int
    checkpoint_completion_target: float
    random_page_cost: float
    effective_io_concurrency: int
    max_worker_processes: int
    max_parallel_workers: int
    max_parallel_workers_per_gather: int
    max_parallel_maintenance_workers: int
    autovacuum_max_workers: int


def share_mb(settings: Postgres, machine: Machine) -> int:
    """Memory that PostgreSQL is sized for on this host, MiB: what it claims of the RAM."""
    return machine.memory_mb * settings.memory_percent // 100


def tune(settings: Postgres, machine: Machine) -> Tuning:
    """All computed parameters for `settings` on `machine`."""
    memory = share_mb(settings, machine) * MB
    buffers = shared_buffers(memory)
    maintenance = maintenance_work_mem(memory)
    processes = worker_processes(machine.cores)
    parallel = parallel_workers(machine.cores)
    return Tuning(
        shared_buffers=buffers,
        effective_cache_size=memory * 3 // 4,
        maintenance_work_mem=maintenance,
        autovacuum_work_mem=min(maintenance, 2 * GB),
        work_mem=work_mem(memory, buffers, settings.max_connections, processes),
        wal_buffers=wal_buffers(buffers),
        checkpoint_completion_target=CHECKPOINT_COMPLETION,
        random_page_cost=RANDOM_PAGE_COST[settings.storage],
        effective_io_concurrency=IO_CONCURRENCY[settings.storage],
        max_worker_processes=processes,
        # Fewer than 4 cores: one query must not take them all from the others.
        max_parallel_workers=machine.cores,
        max_parallel_workers_per_gather=parallel,
        max_parallel_maintenance_workers=max(1, parallel),
        autovacuum_max_workers=autovacuum_workers(machine.cores),
    )


def shared_buffers(memory: int) -> int:
    """A quarter of `memory`. Both in kB."""
    return memory // 4


def maintenance_work_mem(memory: int) -> int:
    """A sixteenth of `memory`, at most 8 GB. Both in kB."""
    return min(memory // 16, 8 * GB)


def wal_buffers(buffers: int) -> int:
    """3 % of shared_buffers, 32 kB to 16 MB, and all of 16 MB when it is near. Both in kB."""
    size = min(buffers * 3 // 100, 16 * MB)
    return 16 * MB if size > 14 * MB else max(size, 32)


def worker_processes(cores: int) -> int:
    """One a core from four cores on, PostgreSQL's default before."""
    return cores if cores >= 4 else DEFAULT_WORKER_PROCESSES


def parallel_workers(cores: int) -> int:
    """Workers that may help one query: half of the cores, at most 4; none below four cores.

    pgtune leaves PostgreSQL's 2 below four cores. There the application needs the cores more.
    """
    return min((cores + 1) // 2, MAX_PARALLEL) if cores >= 4 else 0


def work_mem(memory: int, buffers: int, connections: int, processes: int) -> int:
    """What is left after shared_buffers, over three sorts a process; at least 4 MB. In kB."""
    return max((memory - buffers) // ((connections + processes) * 3), 4 * MB)


def autovacuum_workers(cores: int) -> int:
    """3, and more only on large servers."""
    if cores >= 32:
        return 5
    return 4 if cores >= 16 else DEFAULT_AUTOVACUUM_WORKERS
