"""A box for each suite that releases are tried on: one example on the next, the other on the
defaults, so that each box has the repository of one team."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host import shared_hosts
from tests.host.conftest import FEW, values
from tests.host.stages import NEXT
from tests.support.suites import suites
from vagrant.example import repository

from .shop import Shop

# A test that has a release watched says for how long; a leak is to meet its ceiling soon.
SHORT = {"READYHOST_APP__WATCH__SECONDS": "1", "READYHOST_APP__WEB__MEMORY_MAX_MB": "256"}


def wanted(example: str, source: Path) -> dict[str, str]:
    """Settings of a host with the repository of an example."""
    return {**values(source), **SHORT, **(FEW if example == "fastapi" else {})}


@pytest.fixture(scope="session", params=suites())
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """The converged box. A test leaves it with a good release live, whichever."""
    example = "express" if request.param in NEXT else "fastapi"
    source = repository(example, tmp_path_factory.mktemp("team") / example)
    name, settings = f"releases-{request.param}", wanted(example, source)
    host = shared_hosts.begun(Shop, name, request.param, settings)
    host.example, host.repository = example, source
    host.converge()
    yield host
    host.destroy()
