"""SYS-01: Express and React, files in a bucket that only a signature opens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.storage import ADDRESS, AUTHORITY, Storage

from . import walk
from .browser import Browser
from .loaded import loaded
from .system import BOX_HAS_NOT, EXAMPLES, NOT_YET, System

pytestmark = pytest.mark.timeout(900)

BUCKET = "media"
POOL = 50  # connections, all that its checklist gives it
OWN = 3  # of the host's own programs: who counts them is one


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    """Stands for Wasabi; whose key may do what the application does."""
    one = Storage.start(tmp_path_factory.mktemp("wasabi"))
    with one.client(one.owner) as client:
        client.put(f"/{BUCKET}").raise_for_status()
    yield one
    one.stop()


@pytest.fixture(scope="module")
def media(box: System, storage: Storage) -> System:
    box.ssh(f"cat >{AUTHORITY}", stdin=storage.authority)
    at = f"https://{ADDRESS}:{storage.port}"
    further = {
        "READYHOST_APP__STORAGE__BUCKET": BUCKET,
        "READYHOST_APP__STORAGE__ENDPOINT": at,
        "READYHOST_APP__STORAGE__REGION": "us-east-1",
        "READYHOST_APP__STORAGE__CA_FILE": str(storage.folder / "ca.pem"),
        "READYHOST_APP__STORAGE__KEY": storage.owner.name,
        "READYHOST_APP__STORAGE__SECRET": storage.owner.secret,
        "READYHOST_APP__BUCKET__URL": f"{at}/{BUCKET}/uploads",
        "READYHOST_APP__BUCKET__CA_FILE": AUTHORITY,
    }
    box.become(EXAMPLES / "systems" / "media.toml", further)
    return box


def test_SYS_01_a_visitor_signs_in_writes_uploads_and_shares_a_link(
    media: System, page: Browser, tmp_path: Path
) -> None:
    walk.enter(page)
    note = walk.write(page, "a film")
    walk.upload(page, tmp_path)
    walk.deep_link(page, note, "a film")
    assert page.complaints() == []


def test_APP_17_an_upload_is_in_the_bucket_and_opens_by_its_signature_alone(
    media: System, storage: Storage, page: Browser, tmp_path: Path
) -> None:
    here = media.ssh("ls /srv/app/uploads")  # of the system that the box was before
    page.email = f"another-{page.email}"
    walk.enter(page)
    walk.write(page, "another film")
    address = walk.upload(page, tmp_path)  # the browser shows it, by what Nginx fetches
    name = address.partition("/uploads/")[2].partition("?")[0]
    with storage.client(storage.owner) as client:
        assert client.get(f"/{BUCKET}/uploads/{name}").content == walk.PNG
    assert media.ssh("ls /srv/app/uploads") == here
    assert media.https(f"/uploads/{name}").status_code == 403, "without a signature"


def test_SYS_01_an_open_tab_goes_on_over_a_release_and_a_rollback(
    media: System, page: Browser
) -> None:
    walk.over_a_release(media, page)


def test_SYS_01_it_is_sized_for_3000_visitors(media: System) -> None:
    limits = media.ssh("cat /proc/$(pgrep -o nginx)/limits | grep 'open files'").split()
    assert int(limits[3]) >= 2 * 3000
    assert int(media.ssh("sysctl -n net.core.somaxconn")) >= 4096
    variables = media.ssh("tr '\\0' '\\n' </proc/$(pgrep -u app -of dist/server.js)/environ")
    processes = int(media.ssh("pgrep -c -u app -f dist/server.js"))
    assert f"DATABASE_POOL_SIZE={50 // processes}\n" in f"{variables}\n"


def test_SYS_01_a_hundred_to_3000_visitors_are_answered(
    media: System, page: Browser, tmp_path: Path
) -> None:
    page.open(walk.SITE)
    page.find("#who")
    users = (100, 500, 1000, 3000)
    found = loaded(media, page, walk.SITE, tmp_path, ",".join(map(str, users)))
    assert [stage["users"] for stage in found["stages"]] == [*users]
    for stage in found["stages"]:
        # by the clock, from when they were to come
        seen = {key: stage[key] for key in ("users", "wrong", "rate", "open", "reasons", "host")}
        assert stage["wrong"] < 0.005, seen
        assert stage["open"]["p95"] < 500, seen
        assert stage["host"]["database_connections"] <= POOL + OWN, seen


def test_SYS_01_its_report_finds_nothing_that_the_box_could_have(media: System) -> None:
    found = media.report()
    assert set(found) - NOT_YET == BOX_HAS_NOT, found
