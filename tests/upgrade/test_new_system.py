"""A host of the newer system takes over from one of the older: docs/new-system.md, as it stands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.host.conftest import values
from tests.host.database import superuser
from tests.support.runbook import blocks
from tests.support.storage import AUTHORITY, BUCKET, Storage
from vagrant.driver import Box, Completed
from vagrant.example import repository
from vagrant.running import changes

OLD, NEW = "jammy", "noble"
UPLOADS = "/srv/app/uploads"
ROWS = "SELECT count(*), sum(id), md5(string_agg(text, ',' ORDER BY id)) FROM kept;"
PAGE = ("new-system.md", "The steps")

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    started = Storage.start(tmp_path_factory.mktemp("storage"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def boxes(storage: Storage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Box, Box]]:
    """An old host that has run for a while, and a bare new one, with the same settings."""
    source = repository("fastapi", tmp_path_factory.mktemp("source") / "fastapi")
    with ThreadPoolExecutor() as both:
        old, new = both.map(lambda suite: Box.boot(f"upgrade-{suite}", suite), (OLD, NEW))
    try:
        for box in (old, new):
            box.values = {
                **values(source),
                **storage.values(),
                "READYHOST_BACKUP__REDIS": "true",
                "READYHOST_POSTGRES__EXTENSIONS": '["pg_trgm"]',
            }
            box.ssh(f"cat > {AUTHORITY}", stdin=storage.authority)
        old.converge()
        yield old, new
    finally:
        old.destroy()
        new.destroy()


def test_a_new_system_takes_over_from_the_old_ones_backup(
    boxes: tuple[Box, Box], storage: Storage
) -> None:
    old, new = boxes
    superuser(
        old,
        "SET ROLE app; CREATE TABLE kept (id serial PRIMARY KEY, text text);"
        " CREATE INDEX ON kept USING gin (text extensions.gin_trgm_ops);"
        " INSERT INTO kept (text) SELECT 'Zeile ä' || n FROM generate_series(1, 5000) n;",
        "app",
    )
    old.ssh(f"printf 'a picture' > {UPLOADS}/'a [b].png'; chown app: {UPLOADS}/*")
    redis(old, "SET app:kept yes")
    rows = superuser(old, ROWS, "app")
    old.ssh("backup database full", timeout=300)
    last, restored, after = blocks(*PAGE, "sh", {})

    old.ssh(f"set -e; {last}", timeout=300)
    before = listing(storage)

    told = restore(new, restored.replace("upgrade", "all"), check=False)
    assert told.returncode
    assert (
        "of PostgreSQL 14, and this host has 16: `upgrade` restores from the dumps" in told.stdout
    )
    restore(new, restored)
    assert superuser(new, ROWS, "app") == rows
    owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'kept';"
    assert superuser(new, owner, "app") == superuser(old, owner, "app")
    assert new.ssh(f"cat {UPLOADS}/a*; stat -c %U {UPLOADS}/a*") == "a pictureapp"
    assert redis(new, "GET app:kept") == "yes"
    assert new.ssh("systemctl is-active app.target") == "active"
    there = listing(storage)
    assert not before - there, "what the old host has sent stays"
    # it still runs, and sends its write-ahead log
    assert all("/database/archive/main/14-" in name for name in there - before)

    (prefix,) = blocks(*PAGE, "toml", {})
    new.values["READYHOST_BACKUP__OFFSITE__PREFIX"] = prefix.rpartition(' = "')[2].rstrip('"\n')
    new.converge()
    new.ssh(f"set -e; {after}", timeout=300)
    assert not set(changes(new.converge().stdout))
    assert "no good run" not in new.run("backup watch").stdout
    # the way back
    old.ssh("systemctl start app.target 'app-*.timer'; systemctl is-active app.target")
    assert not old.run("backup database diff", timeout=300).returncode


def redis(box: Box, command: str) -> str:
    """What Redis answers to who administers it."""
    say = "{ cat /etc/redis/operator; cat; } | redis-cli | tail -n 1"
    return box.ssh(say, stdin=f"{command}\n")


def listing(storage: Storage) -> set[str]:
    """The names of what is in the bucket."""
    names: list[str] = []
    with storage.client(storage.owner) as client:
        while True:
            after = names[-1] if names else ""
            page = client.get(f"/{BUCKET}", params={"list-type": "2", "start-after": after}).text
            found = re.findall("<Key>([^<]*)</Key>", page)
            names += found
            if not found:
                return set(names)


def restore(box: Box, command: str, *, check: bool = True) -> Completed:
    """A command line of restore.py, with the inventory of the boxes."""
    _, _, deploy, *arguments = shlex.split(command)
    return box.pyinfra("-y", *arguments, deploy=deploy, check=check)
