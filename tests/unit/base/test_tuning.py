"""Base's numbers."""

import pytest

from roles.base import Base, listen_backlog, open_files, swap_mb
from roles.core.machine import Machine


@pytest.mark.parametrize(
    ("connections", "backlog"), [(100, 128), (3000, 4096), (4096, 4096), (4097, 8192)]
)
def test_everybody_may_wait_at_once(connections: int, backlog: int) -> None:
    assert listen_backlog(Base(connections=connections)) == backlog


@pytest.mark.parametrize(
    ("connections", "hard", "files"),
    [(3000, 1_048_576, 65_536), (100_000, 1_048_576, 524_288), (3000, 20_000, 20_000)],
)
def test_open_files_never_pass_the_hosts_own_limit(connections: int, hard: int, files: int) -> None:
    machine = Machine.example(open_files=hard)
    assert open_files(Base(connections=connections), machine) == files


@pytest.mark.parametrize(
    ("memory", "setting", "swap"),
    [(1024, None, 1024), (2048, None, 2048), (65_536, None, 2048), (1024, 0, 0), (1024, 512, 512)],
)
def test_swap_is_as_large_as_the_memory_up_to_a_ceiling(
    memory: int, setting: int | None, swap: int
) -> None:
    assert swap_mb(Base(swap_mb=setting), Machine.example(memory_mb=memory)) == swap
