"""SYS-03: Express, MongoDB elsewhere (a stand-in), a front end on another host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.mongo import Stand
from tests.support.provider import ENCODED, PASSWORD, certificates
from tests.support.storage import ADDRESS

from . import walk
from .browser import Browser
from .system import API_HAS_NOT, BOX_HAS_NOT, DOMAIN, EXAMPLES, NOT_YET, System

pytestmark = pytest.mark.timeout(900)

ATLAS = "mongo.provider.test"


@pytest.fixture(scope="module")
def tasks(box: System, front: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("atlas")
    certificates(folder, ATLAS)
    mongo = Stand(ADDRESS, folder, PASSWORD)
    box.ssh(f"echo '{ADDRESS} {ATLAS}' >>/etc/hosts")
    uri = (
        f"mongodb://team:{ENCODED}@{ATLAS}:{mongo.port}/tasks?tls=true"
        "&authSource=admin&authMechanism=SCRAM-SHA-256&directConnection=true"
    )
    further = {
        "READYHOST_APP__MONGODB__URI": uri,
        "READYHOST_APP__MONGODB__CA_FILE": str(folder / "ca.pem"),
        "READYHOST_NGINX__CORS_ORIGINS": f'["{front}"]',
    }
    box.become(EXAMPLES / "systems" / "tasks.toml", further)
    yield box
    mongo.shutdown()


def test_SYS_03_a_visitor_of_another_host_signs_in_writes_uploads_and_shares_a_link(
    tasks: System, front: str, page: Browser, tmp_path: Path
) -> None:
    walk.enter(page, front)
    note = walk.write(page, "a task")
    assert walk.upload(page, tmp_path).startswith(f"{walk.SITE}/uploads/")
    walk.deep_link(page, note, "a task")
    assert page.complaints() == []


def test_SYS_03_no_other_page_may_ask_with_cookies(tasks: System, front: str) -> None:
    for origin, allowed in ((front, front), (f"https://other.{DOMAIN}", None)):
        answer = tasks.https("/api/me", headers={"Origin": origin})
        assert answer.headers.get("access-control-allow-origin") == allowed
    assert tasks.https("/api/me", headers={"Origin": front}).headers[
        "access-control-allow-credentials"
    ] == "true"  # fmt: skip


def test_SYS_03_an_open_tab_goes_on_over_a_release_and_a_rollback(
    tasks: System, front: str, page: Browser
) -> None:
    walk.over_a_release_of_the_api(tasks, page, front)


def test_SYS_03_what_it_answers_is_compressed(tasks: System, front: str, page: Browser) -> None:
    walk.compressed(tasks, page, front)


def test_SYS_03_its_report_finds_nothing_that_the_box_could_have(tasks: System) -> None:
    assert tasks.ssh("systemctl is-active postgresql@14-main || :") == "inactive"
    found = tasks.report()
    assert set(found) - NOT_YET == BOX_HAS_NOT | API_HAS_NOT, found
