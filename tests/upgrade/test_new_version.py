"""A host that the last release of readyhost made, with a team's own role and snippet, becomes one
of this version: docs/upgrading.md, on a box."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.host.application import traffic
from tests.host.conftest import Host
from tests.support import project, team
from vagrant.driver import wrapper
from vagrant.example import repository
from vagrant.running import changes

pytestmark = pytest.mark.timeout(1200)

SIZES = """memory_share_percent = 20

[postgres]
memory_percent = 10

[redis]
maxmemory_mb = 256

[nginx.limits]
unlimited = ["10.0.3.1/32"]

[backup]
local_only = true
"""
"""Of a box, which sees all memory of its machine; and who tests it asks all the time."""
RENAMED = re.compile(r"prod\.toml:(\d+): \S*\b(\w+): is unknown; did you mean \S*\b(\w+)\?")
"""Line, key and the key that was meant."""
ANSWERS = 20
"""That four clients have had at least, for the test to have seen anything."""


@pytest.fixture(scope="module")
def box() -> Iterator[Host]:
    machine = Host.boot("upgrade", wrapper("suite"))
    yield machine
    machine.destroy()


@pytest.fixture(scope="module")
def clone(box: Host, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The team's, which has run the last release over the box."""
    folder = tmp_path_factory.mktemp("upgrade")
    source = repository("fastapi", folder / "fastapi")
    made = team.clone(folder, host=box.ip, user="vagrant", key=box.key, repository=str(source))
    with (made / "inventories" / "prod.toml").open("a") as settings:
        settings.write(SIZES)
    project.know(made, box.ip)
    team.commit(made, "sizes, and the host's key")
    deploy(made)
    return made


def deploy(clone: Path) -> str:
    """A run that must be good, of a team that does as it is told of renamed settings."""
    done = project.pyinfra(clone, "deploy.py")
    if renamed := RENAMED.findall(done.stdout):
        values = clone / "inventories" / "prod.toml"
        lines = values.read_text().splitlines(keepends=True)
        for number, former, now in renamed:
            lines[int(number) - 1] = lines[int(number) - 1].replace(former, now, 1)
        values.write_text("".join(lines))
        team.commit(clone, "as the run said")
        done = project.pyinfra(clone, "deploy.py")
    assert done.returncode == 0, done.stdout[-6000:]
    return done.stdout


def test_a_host_goes_from_the_last_release_to_this_version(box: Host, clone: Path) -> None:
    box.ssh("htop --version")
    assert box.https("/team").status_code == 204
    before = box.ssh("cat /var/lib/readyhost/owner; readlink /srv/app/current")

    team.take_in(clone)
    with traffic(box, "/version") as seen:
        deploy(clone)
    assert seen.failures == []
    assert sum(seen.answers.values()) > ANSWERS, seen.answers

    assert changes(deploy(clone)) == {}, "a second run of this version changes something"
    assert box.https("/team").status_code == 204
    assert box.https("/version").json()["release"] == "v1.0.0"
    assert box.ssh("cat /var/lib/readyhost/owner; readlink /srv/app/current") == before
