"""A process that makes others: sized as one tree, and only what leaked of it is ended, by name."""

from __future__ import annotations

import json
import shutil
import time
from contextlib import suppress

import httpx
import pytest

from tests.host.application import NAME, environ, live, traffic, units
from tests.releases.shop import Shop
from vagrant.example import commit, git

from .conftest import HERE

COMMAND = "READYHOST_APP__WEB__COMMAND"
CEILING = "its ceiling of {} MiB (app.web.memory_max_mb)"
GUNICORN = {
    COMMAND: "gunicorn leaks:app --workers 3 --bind unix:$SOCKET",
    "READYHOST_APP__WEB__MEMORY_MAX_MB": "200",
}


# Nothing in it says that there are three of each.
UNDECLARED = {COMMAND: "python prefork.py", "READYHOST_APP__WEB__MEMORY_MAX_MB": "200"}
ADVICE = "it makes 3 processes itself and is sized as one: set app.web.forks = 3"


def released(servers: Shop, tag: str) -> None:
    """The same servers under a further tag, whatever another test has made of the repository."""
    git(servers.repository, "rm", "-rq", "--ignore-unmatch", ".")
    shutil.copytree(HERE / "python", servers.repository, dirs_exist_ok=True)
    commit(servers.repository, tag)


def processes(servers: Shop) -> dict[str, set[str]]:
    """Processes of each live web unit."""
    place = f"/{NAME}.slice/{NAME}-{live(servers)}.slice"
    found = {}
    for unit in units(servers, "web"):
        file = f"systemd{place}/{unit}/cgroup.procs", f"{place.lstrip('/')}/{unit}/cgroup.procs"
        said = servers.ssh(f"cd /sys/fs/cgroup; cat {file[0]} {file[1]} 2>/dev/null || true")
        found[unit] = set(said.split())
    return found


def leak(servers: Shop) -> None:
    """Have one process leak until it is killed; who asked for it gets nothing or an error."""
    with suppress(httpx.HTTPError):
        servers.https("/leak", method="POST")


@pytest.mark.timeout(600)  # the first has the box converge
def test_APP_11_of_gunicorn_and_its_workers_only_what_leaked_is_ended(servers: Shop) -> None:
    leaks_alone(servers, GUNICORN, 3, 200)
    # whose forks are known
    assert "forks" not in out_of_memory(servers)


def out_of_memory(servers: Shop) -> str:
    """The line of the live release in the host's list, once it says that it was out of memory."""
    end = time.monotonic() + 60
    while "live, out of memory" not in (said := servers.ssh(f"{NAME}-release list")):
        assert time.monotonic() < end, said
        time.sleep(1)
    (line,) = [line for line in said.splitlines() if "live" in line]
    return line


def leaks_alone(servers: Shop, values: dict[str, str], forks: int, ceiling: int) -> None:
    """Each web process with so many forks and so much memory (MiB) serves on when one leaks."""
    servers.converge(**values)
    before = processes(servers)
    assert [len(tree) for tree in before.values()] == [forks + 1] * 2
    seen = environ(servers, next(iter(before)))
    assert seen["WEB_CONCURRENCY"] == str(forks)
    assert int(seen["DATABASE_POOL_SIZE"]) == 36 // (2 * forks)
    if "NODE_OPTIONS" in seen:
        assert seen["NODE_OPTIONS"] == f"--max-old-space-size={ceiling * 3 // 4 // (forks + 1)}"
    with traffic(servers, "/", clients=4) as asked:
        leak(servers)
        assert "live, out of memory once" in out_of_memory(servers)
    assert asked.failures == []
    now = processes(servers)
    gone = [before[unit] - now[unit] for unit in before]
    assert sorted(map(len, gone)) == [0, 1], "more was ended than what leaked"
    run = servers.converge(**values).stdout
    assert "was out of memory once, last at " in run
    assert CEILING.format(ceiling) in run
    assert "of its processes: out of memory" in servers.ssh(f"journalctl -u {NAME}-watchdog -o cat")


@pytest.mark.timeout(600)
def test_APP_11_a_release_of_which_a_fork_leaks_is_taken_back(servers: Shop) -> None:
    servers.converge(**GUNICORN)
    released(servers, "v3.0.0")
    bad = {**GUNICORN, "READYHOST_APP__TAG": "v3.0.0", "READYHOST_APP__WATCH__SECONDS": "20"}
    with traffic(servers, "/", clients=1):
        run = servers.pyinfra(
            "-y", check=False, values={**bad, "READYHOST_APP__ENV": json.dumps({"LEAKS": "yes"})}
        )
    assert run.returncode != 0
    *_, line = (said for said in run.stdout.splitlines() if "went bad after the switch" in said)
    assert "of its processes" in line
    assert f"out of memory: it was killed at {CEILING.format(200)}" in line
    listed = servers.ssh(f"{NAME}-release list")
    assert [
        row
        for row in listed.splitlines()
        if row.startswith("v3.0.0") and "failed: out of memory" in row
    ]
    assert servers.https("/").text == "python"


@pytest.mark.timeout(600)
def test_APP_11_forks_that_nobody_told_are_named_with_the_setting(servers: Shop) -> None:
    """In the list of releases, the journal, the next run, and by the watch of a new release."""
    servers.converge(**UNDECLARED)
    with traffic(servers, "/", clients=4) as asked:
        leak(servers)
        line = out_of_memory(servers)
    assert asked.failures == []
    assert "(set app.web.forks = 3)" in line
    assert ADVICE in servers.ssh(f"journalctl -u {NAME}-watchdog -n 5 -o cat")
    assert ADVICE in servers.converge(**UNDECLARED).stdout
    released(servers, "v4.0.0")
    bad = {**UNDECLARED, "READYHOST_APP__TAG": "v4.0.0", "READYHOST_APP__WATCH__SECONDS": "20"}
    with traffic(servers, "/", clients=1):
        run = servers.pyinfra(
            "-y", check=False, values={**bad, "READYHOST_APP__ENV": json.dumps({"LEAKS": "yes"})}
        )
    assert run.returncode != 0
    *_, line = (said for said in run.stdout.splitlines() if "went bad after the switch" in said)
    assert line.endswith(ADVICE)
    listed = servers.ssh(f"{NAME}-release list").splitlines()
    (row,) = [row for row in listed if row.startswith("v4.0.0")]
    assert "failed: out of memory (set app.web.forks = 3)" in row
    assert servers.https("/").text == "python"
