"""A box of the default suite with one Python application that many servers can run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import shared_hosts
from tests.host.conftest import values
from tests.releases.shop import Shop
from tests.support.suites import suites
from vagrant.example import commit, git

HERE = Path(__file__).parent
PART = "applications"
TAG = "v2.0.0"  # the kept host has a v1.0.0 of the example, and tags do not move


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The converged box; a test leaves it with a server live, whichever."""
    source = tmp_path_factory.mktemp("team") / "fastapi"  # whose values the kept host has
    shutil.copytree(HERE / "python", source)
    git(source, "init", "-q", "-b", "main")
    commit(source, TAG)
    suite = suites()[-1]
    wanted = {
        **values(source),
        "READYHOST_APP__TAG": TAG,
        "READYHOST_APP__JOBS": "{}",
        "READYHOST_APP__WATCH__SECONDS": "0",
        "READYHOST_APP__WEB__INSTANCES": "2",
    }
    del wanted["READYHOST_APP__STATIC"]
    host = shared_hosts.begun(Shop, f"{PART}-{suite}", suite, wanted)
    host.example, host.repository = "python", source
    yield host
    host.destroy()
