"""One box that becomes one system after the other, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.suites import suites
from vagrant.example import git

from .browser import Browser, browser
from .elsewhere import FRONT, served
from .system import DOMAIN, System, values


@pytest.fixture(scope="session")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A bare one at first; the first system's deploy makes it a host."""
    repository = tmp_path_factory.mktemp("team") / "system"
    git(repository.parent, "init", "-q", "-b", "main", repository.name)
    given = {**values(), "READYHOST_APP__REPOSITORY": str(repository)}
    host = System.boot("systems", suites()[-1], given)
    host.repository = repository
    yield host
    host.destroy()


@pytest.fixture(scope="module")
def page(box: System) -> Iterator[Browser]:
    """A visitor with no cookie yet."""
    with browser({DOMAIN: box.ip, FRONT: "127.0.0.1"}) as one:
        yield one


@pytest.fixture(scope="session")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a front end that is on another host than the API."""
    with served(tmp_path_factory.mktemp("elsewhere")) as url:
        yield url
