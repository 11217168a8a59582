"""What the cache keeps: when it is killed, when it hangs, and when its memory is full."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator

import pytest

from tests.host.conftest import Host
from tests.host.stages import once

from .cache import as_application, as_operator, main_process, until_it_answers

FILL = "for i = 1, 10 do redis.call('SET', KEYS[1] .. i, string.rep('x', 100000), 'EX', 600) end"


@pytest.fixture(scope="module")
def changed(box: Host) -> Iterator[None]:
    """The cache with other settings, by one run. They are put back afterwards."""
    process = main_process(box)
    box.converge(READYHOST_REDIS__MAXMEMORY_MB="64", READYHOST_REDIS__APPENDFSYNC="always")
    assert main_process(box) == process, "it took a restart"
    yield
    box.converge()
    assert as_operator(box, "CONFIG GET maxmemory")[1] != str(64 * 2**20)


def test_CACHE_02_a_key_survives_the_death_of_redis(box: Host) -> None:
    assert keys_that_survive(box, wait=3) == 50


def keys_that_survive(box: Host, wait: float) -> int:
    """How many of 50 keys are there after Redis was killed, `wait` seconds after the last SET."""
    process = main_process(box)
    keys = [f"test:kept:{i}" for i in range(50)]
    assert set(as_application(box, *(f"SET {key} {i}" for i, key in enumerate(keys)))) == {"OK"}
    time.sleep(wait)
    box.ssh(f"kill -9 {process}")
    until_it_answers(box)
    assert main_process(box) != process
    *values, deleted = as_application(box, f"MGET {' '.join(keys)}", f"DEL {' '.join(keys)}")
    assert values == [str(i) for i in range(50)][: len(values)]
    return int(deleted)


@once
def test_CACHE_02_a_host_that_only_has_a_snapshot_keeps_its_data(box: Host) -> None:
    as_application(box, "SET test:snapshot here")
    as_operator(box, "SAVE")
    log = shlex.quote("cd /var/lib/redis && rm -rf appendonly.aof appendonlydir")
    box.ssh(f"systemctl stop redis-server && sh -c {log} && systemctl start redis-server")
    until_it_answers(box)
    assert as_application(box, "GET test:snapshot") == ["here"]
    # Not read once and forgotten: it is in the append-only file from now on.
    box.ssh(f"kill -9 {main_process(box)}")
    until_it_answers(box)
    assert as_application(box, "GET test:snapshot", "DEL test:snapshot") == ["here", "1"]


@once
def test_HOST_01_a_cache_that_hangs_is_not_taken_for_one_that_runs(box: Host) -> None:
    """The probe is what every later run trusts, so it must notice a process that only exists."""
    box.ssh(f"kill -STOP {main_process(box)}")
    assert "restart redis-server: it does not answer" in box.converge().stdout
    assert as_application(box, "PING") == ["PONG"]


def used(box: Host) -> int:
    """Bytes that Redis has taken for everything."""
    memory = dict(line.split(":", 1) for line in as_operator(box, "INFO memory") if ":" in line)
    return int(memory["used_memory"])


@once
def test_CACHE_01_memory_is_bounded_and_what_has_no_end_stays(box: Host, changed: None) -> None:
    assert as_operator(box, "CONFIG GET maxmemory")[1] == str(64 * 2**20)
    as_application(box, "SET test:job waiting")
    as_application(box, *(f'EVAL "{FILL}" 1 test:fill:{i}:' for i in range(150)))  # 150 MB
    # What waits to be written to the append-only file comes on top, for as long as the disk takes.
    end = time.monotonic() + 10
    while used(box) >= 70 * 2**20 and time.monotonic() < end:
        time.sleep(0.2)
    assert used(box) < 70 * 2**20
    evicted = next(x for x in as_operator(box, "INFO stats") if x.startswith("evicted_keys"))
    assert int(evicted.split(":")[1]) > 500
    assert as_application(box, "GET test:job", "DEL test:job") == ["waiting", "1"]


@once
def test_CACHE_02_no_key_is_lost_where_every_write_is_on_the_disk(box: Host, changed: None) -> None:
    assert keys_that_survive(box, wait=0) == 50
