"""One host that measures itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.host.conftest import Host, values
from tests.support.suites import suites
from vagrant.example import repository

ON = {"READYHOST_MONITORING__MODE": "local", "READYHOST_MONITORING__ROUTES": '["/slow"]'}


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Converged twice. Its values go on saying that it measures itself."""
    suite = suites()[-1]
    source = repository("fastapi", tmp_path_factory.mktemp("source") / "fastapi")
    host = Host.boot(f"monitoring-{suite}", suite, {**values(source), **ON})
    try:
        host.first_run = host.converge().stdout
        host.second_run = host.converge().stdout
        yield host
    finally:
        host.destroy()
