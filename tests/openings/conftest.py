"""One converged host, and what root and postgres opened there while all was run that runs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.conftest import Host, values
from tests.support.suites import suites
from vagrant.example import repository

from .running import Running

HERE = Path(__file__).parent
NEXT = "v1.1.0"
WANTED = {"READYHOST_MONITORING__MODE": "local", "READYHOST_BACKUP__REDIS": "true"}
Opening = tuple[str, str, str, str, int]


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = repository("fastapi", tmp_path_factory.mktemp("source") / "fastapi")
    subprocess.run(["git", "-C", folder, "tag", NEXT], check=True)
    return folder


@pytest.fixture(scope="session")
def box(source: Path) -> Iterator[Host]:
    host = Host.boot("openings", suites()[-1], {**values(source), **WANTED})
    host.converge()
    yield host
    host.destroy()


@pytest.fixture(scope="session")
def opened(box: Host) -> list[Opening]:
    """Who opened what where a link of somebody else's would have led him astray."""
    return traced(box)


def traced(box: Host) -> list[Opening]:
    running = Running(box)
    with running.watched():
        box.converge("--data", f"tag={NEXT}")
        box.pyinfra("-y", deploy="rollback.py")
        running.all_that_runs()
    for name in ("calls.py", "openings.py"):
        box.ssh(f"cat >{running.FOLDER}/{name}", stdin=(HERE / name).read_text())
    said = box.ssh(f"cd {running.FOLDER} && python3 openings.py trace begun", timeout=300)
    return [tuple(row) for row in json.loads(said)]
