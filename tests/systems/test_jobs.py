"""SYS-02: FastAPI by Gunicorn beside Next.js, PostgreSQL by its parts, a cache, uploads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from . import walk
from .browser import Browser
from .system import BOX_HAS_NOT, EXAMPLES, NOT_YET, System

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def jobs(box: System) -> System:
    box.become(EXAMPLES / "jobs" / "readyhost.toml", {})
    return box


def test_SYS_02_a_visitor_signs_in_writes_uploads_and_shares_a_link(
    jobs: System, page: Browser, tmp_path: Path
) -> None:
    walk.enter(page)
    note = walk.write(page, "a job")
    address = walk.upload(page, tmp_path).removeprefix(walk.SITE)
    answer = jobs.https(address)
    assert answer.content == walk.PNG
    assert "max-age=2592000" in answer.headers["cache-control"]
    walk.deep_link(page, note, "a job")
    assert page.complaints() == []


def test_SYS_02_two_workers_a_core_and_one_beside_a_front_end(jobs: System) -> None:
    # of the live release: those of the one before may be finishing their last requests
    units = jobs.ssh(
        "systemctl list-units --plain --no-legend --state=running"
        " app-web-$(basename $(readlink /srv/app/live))@*"
    )
    cores = int(jobs.ssh("nproc"))
    assert len(units.splitlines()) == 2 * cores + 1


def test_SYS_02_answers_come_from_the_cache_for_300_seconds(jobs: System, page: Browser) -> None:
    page.open(walk.SITE)
    page.find("#who")
    page.ask("/api/notes")
    script = (
        "const done = arguments[0]; fetch('/api/notes').then(a => done(a.headers.get('X-Cache')))"
    )
    assert page.driver.execute_async_script(script) == "hit"
    left = jobs.ssh("app-command redis-cli -- TTL latest")
    assert 0 < int(left) <= 300


def test_SYS_02_an_open_tab_goes_on_over_a_release_and_a_rollback(
    jobs: System, page: Browser
) -> None:
    about = "front/app/about/page.js"
    walk.over_a_release(jobs, page, about, "Jobs, and who", is_followed=True)


def test_SYS_02_limits_are_60_a_minute_and_1000_an_hour(jobs: System) -> None:
    wanted = {**jobs.wanted, "READYHOST_NGINX__LIMITS__UNLIMITED": json.dumps([])}
    jobs.pyinfra("-y", "--data", f"tag=v{jobs.releases - 1}.0.0", values=wanted)
    seen = [jobs.https("/api/version").status_code for _ in range(70)]
    assert seen[:60] == [200] * 60
    assert seen[-5:] == [429] * 5


def test_SYS_02_its_report_finds_nothing_that_the_box_could_have(jobs: System) -> None:
    found = jobs.report()
    assert set(found) - NOT_YET == BOX_HAS_NOT, found
