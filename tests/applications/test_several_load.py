"""Two applications on one host: whatever befalls one, visitors of the other notice nothing.

On demand, TESTS=several-load: looks in peace and beside trouble, in turn, take five minutes.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator

import pytest

from tests.support import project
from tests.support.suites import suites
from tests.support.visitors import network
from tests.support.wrk import meanwhile
from vagrant.driver import PYINFRA, Box
from vagrant.example import commit, git

from . import neighbours
from .neighbours import THINK, USERS, beside, look
from .two import APPS, Two, env

pytestmark = pytest.mark.timeout(900)
MOST = 1.2  # times its value in peace, p95
RELEASES = 20


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    place = tmp_path_factory.mktemp("neighbours")
    for name in APPS:
        (place / name).mkdir()
        neighbours.server(place / name)
        git(place / name, "init", "-q", "-b", "main")
        commit(place / name, "v1.0.0")
    suite = suites()[-1]
    box = Box.boot(f"neighbours-{suite}", suite)
    made = Two(box, project.copy(place / "readyhost"), place)
    project.know(made.clone, box.ip)
    made.write(neighbours.toml(made), env())
    made.ok("deploy.py")
    look(made, 3)
    yield made
    box.destroy()


@pytest.fixture(scope="module")
def attacker() -> Iterator[str]:
    with network() as addresses:
        yield next(addresses)


def told(two: Two, what: str, seen: neighbours.Seen) -> None:
    print(f"{what}: {seen}, {seen.ratio:.2f} times")
    assert seen.errors == 0, seen
    assert seen.ratio <= MOST, seen


def test_APP_13_one_has_more_visitors_than_it_serves(two: Two) -> None:
    told(two, "crowded", beside(two, functools.partial(neighbours.crowded, two, "/burn")))


def test_APP_13_one_is_flooded(two: Two, attacker: str) -> None:
    told(two, "flooded", beside(two, functools.partial(neighbours.flooded, two, attacker)))
    refused = two.box.ssh("grep -c '\"status\": *429' /var/log/nginx/access.log || true")
    assert int(refused) > 1000, "it was no flood"


def test_APP_13_one_is_attacked(two: Two, attacker: str) -> None:
    told(two, "attacked", beside(two, functools.partial(neighbours.attacked, two, attacker)))


def test_APP_13_one_leaks(two: Two) -> None:
    told(two, "leaking", beside(two, functools.partial(neighbours.leaking, two)))
    # What ended them is not told by control groups of the first version, which boxes have.
    restarts = "systemctl show --value -p NRestarts '{}-web-*@*.service' | sort -n | tail -n 1"
    assert int(two.box.ssh(restarts.format("shop"))) > 5, "it did not leak"
    assert int(two.box.ssh(restarts.format("blog"))) == 0


def test_APP_13_one_is_released_twenty_times(two: Two) -> None:
    """All of it by one look, in which the last in line for this machine's cores is the operator."""
    before = two.box.ssh("pgrep -u blog | sort")
    tags = [f"v2.{number}.0" for number in range(RELEASES)]
    for tag in tags:
        commit(two.place / "shop", tag)
    quiet = [look(two).p95 for _ in range(neighbours.ROUNDS)]
    with meanwhile(two.box.ip, "blog.example", "/", USERS, think=THINK) as seen:
        for tag in tags:
            line = [str(PYINFRA), "-y", "inventories/prod.py", "deploy.py"]
            done = project.run(two.clone, "nice", "-n19", *line, "--data", f"shop.tag={tag}")
            assert done.returncode == 0, done.stdout
    assert two.answer("shop") == f"200 shop.example {tags[-1]}"
    assert two.box.ssh("pgrep -u blog | sort") == before
    assert seen.load
    quiet += [look(two).p95 for _ in range(neighbours.ROUNDS)]
    told(two, "released", neighbours.Seen(quiet, [seen.load.p95], seen.load.errors))
