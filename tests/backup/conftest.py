"""One host that is backed up, for every test here, and the storage it is backed up to."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.keeper import Keeper
from tests.support.mirror_host import MirrorHost
from tests.support.storage import Storage
from vagrant.driver import Box, wrapper
from vagrant.example import repository

from .hosts import begun, fill, set_up


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository("fastapi", tmp_path_factory.mktemp("source") / "fastapi")


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    started = Storage.start(tmp_path_factory.mktemp("storage"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def machines() -> tuple[Box, MirrorHost]:
    """The box and the host that keeps its mirror, made side by side."""
    with ThreadPoolExecutor() as both:
        box, mirror_host = both.submit(begun, "backup"), both.submit(MirrorHost.start, "away")
    try:
        return box.result(), mirror_host.result()
    except BaseException:
        wrapper("destroy", "backup", "away")
        raise


@pytest.fixture(scope="session")
def mirror_host(machines: tuple[Box, MirrorHost]) -> Iterator[MirrorHost]:
    """The host that keeps the mirror."""
    yield machines[1]
    machines[1].stop()


@pytest.fixture(scope="session")
def keeper(machines: tuple[Box, MirrorHost]) -> Keeper:
    """Who fetches the backups: on the host that keeps the mirror, as another user."""
    return Keeper.start(machines[1].box, machines[0])


@pytest.fixture(scope="session")
def host(
    machines: tuple[Box, MirrorHost],
    source: Path,
    storage: Storage,
    mirror_host: MirrorHost,
    keeper: Keeper,
) -> Iterator[Box]:
    """A converged host with rows, uploads, and one backup of everything in each place."""
    box = machines[0]
    try:
        set_up(box, source, storage, mirror_host)
        box.converge()
        fill(box)
        yield box
    finally:
        box.destroy()


@pytest.fixture(scope="session")
def heirs() -> Iterator[list[Box]]:
    """The hosts that took the place of a lost one, the newest last."""
    made: list[Box] = []
    yield made
    for box in made:
        box.destroy()


@pytest.fixture
def by_hand(host: Box) -> Iterator[None]:
    """No job but those of the test: the watch would make a new backup of what is damaged. One that
    cron has begun is waited for, whatever it does before it begins."""
    jobs = "[b]in/backup .*(database|files|dump|drill|watch)"
    host.ssh(
        "systemctl stop cron; for i in $(seq 240); do"
        f" pgrep -f '{jobs}' >/dev/null || exit 0; sleep 1; done; pgrep -af '{jobs}'; exit 1",
        timeout=300,
    )
    yield
    host.ssh("systemctl start cron")
