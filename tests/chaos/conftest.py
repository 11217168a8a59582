"""A box of its own for things that go wrong."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.conftest import values
from tests.support import project as projects
from vagrant.driver import ROOT, Box, wrapper
from vagrant.example import repository


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository("fastapi", tmp_path_factory.mktemp("source") / "fastapi")


@pytest.fixture(scope="session")
def bare(source: Path) -> Iterator[Box]:
    """A new box that nothing has been done to, until test_killed makes it a host."""
    box = Box.boot("chaos", wrapper("suite"), values(source))
    yield box
    box.destroy()


@pytest.fixture
def project(tmp_path: Path, bare: Box, source: Path) -> Path:
    """A copy of the project whose environment `prod` is the box."""
    target = projects.copy(tmp_path / "project")
    projects.environment(
        target, hosts=[bare.ip], user="vagrant", key=bare.key, repository=str(source)
    )
    projects.know(target, bare.ip)
    return target


@pytest.fixture
def host(bare: Box, tmp_path: Path) -> Box:
    """The box, converged, as a copy of the project sees it that may be spoiled."""
    project = projects.copy(tmp_path / "project")
    shutil.copy2(ROOT / "inventories" / "vagrant.env", project / "inventories" / "vagrant.env")
    box = dataclasses.replace(bare, project=project)
    box.converge()
    return box
