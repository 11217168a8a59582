"""A host of its own on which one application becomes two; the tests go on where the last one left
it, in the order of their files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.applications.two import APPS, PROCFILE, SERVER, Two, single, single_env
from tests.support import project
from tests.support.suites import suites
from vagrant.driver import Box
from vagrant.example import commit, git


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    place = tmp_path_factory.mktemp("two")
    for name in APPS:
        (place / name).mkdir()
        (place / name / "server.py").write_text(SERVER)
        (place / name / "Procfile").write_text(PROCFILE)
        git(place / name, "init", "-q", "-b", "main")
        commit(place / name, "v1.0.0")
    suite = suites()[-1]
    box = Box.boot(f"several-{suite}", suite)
    made = Two(box, project.copy(place / "readyhost"), place)
    project.know(made.clone, box.ip)
    made.write(single(box, place), single_env())
    made.ok("deploy.py")
    yield made
    box.destroy()
