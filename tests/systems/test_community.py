"""SYS-05: Express in TypeScript with its React front end, a pool of 50, bodies of 50 MB."""

from __future__ import annotations

from pathlib import Path

import pytest

from . import walk
from .browser import Browser
from .system import BOX_HAS_NOT, DOMAIN, EXAMPLES, NOT_YET, System

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def community(box: System) -> System:
    box.become(EXAMPLES / "systems" / "community.toml", {})
    return box


def test_SYS_05_a_visitor_signs_in_writes_uploads_and_shares_a_link(
    community: System, page: Browser, tmp_path: Path
) -> None:
    walk.enter(page)
    note = walk.write(page, "the first note")
    assert walk.upload(page, tmp_path).startswith(f"{walk.SITE}/uploads/")
    walk.deep_link(page, note, "the first note")
    assert page.complaints() == []


def test_SYS_05_an_open_tab_goes_on_over_a_release_and_a_rollback(
    community: System, page: Browser
) -> None:
    walk.over_a_release(community, page)


def test_SYS_05_bodies_pool_and_times_are_those_of_its_checklist(
    community: System, page: Browser
) -> None:
    me = {"email": f"{page.email}.upload", "password": walk.PASSWORD}
    with community.client() as client:
        client.headers["Origin"] = walk.SITE
        made = client.post("/api/accounts", json=me, extensions={"sni_hostname": DOMAIN})
        cookie = {"Cookie": made.headers["set-cookie"].split(";")[0]}
    for size, status in ((50 << 20, 201), ((50 << 20) + 1, 413)):
        answer = community.https(
            "/api/uploads?name=large.bin", "POST", content=bytes(size), headers=cookie
        )
        assert answer.status_code == status, size
    pid = community.ssh("pgrep -u app -f dist/server.js | head -1")
    variables = community.ssh(f"tr '\\0' '\\n' </proc/{pid}/environ")
    processes = int(community.ssh("pgrep -c -u app -f dist/server.js"))
    assert f"DATABASE_POOL_SIZE={50 // processes}" in variables
    shown = community.ssh(
        "cd / && runuser -u postgres -- psql -XAtd app -c "
        "\"SELECT rolconfig FROM pg_roles WHERE rolname = 'app'\""
    )
    assert "statement_timeout=60s" in shown or "statement_timeout=60000" in shown


def test_SYS_05_its_report_finds_nothing_that_the_box_could_have(community: System) -> None:
    found = community.report()
    assert set(found) - NOT_YET == BOX_HAS_NOT, found
