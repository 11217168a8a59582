"""SYS-04: a Node.js cluster with sessions in Redis, each worker's memory watched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from . import walk
from .browser import Browser
from .system import API_HAS_NOT, BOX_HAS_NOT, EXAMPLES, NOT_YET, System

pytestmark = pytest.mark.timeout(900)

WARNED_MB = 1  # any worker has more


@pytest.fixture(scope="module")
def notes(box: System, front: str) -> System:
    further = {
        "READYHOST_NGINX__CORS_ORIGINS": f'["{front}"]',
        "READYHOST_APP__ENV": json.dumps(
            {"SESSIONS": "redis", "MEMORY_WARNING_MB": str(WARNED_MB)}
        ),
    }
    box.become(EXAMPLES / "systems" / "notes.toml", further)
    return box


def workers(box: System) -> list[str]:
    """Processes whose parent is one of the application's too."""
    shown = box.ssh("ps -u app -o pid=,ppid=,args= | grep -F dist/cluster.js").splitlines()
    known = {line.split()[0] for line in shown}
    return [pid for pid, parent, *_ in map(str.split, shown) if parent in known]


def test_SYS_04_a_visitor_signs_in_writes_uploads_and_shares_a_link(
    notes: System, front: str, page: Browser, tmp_path: Path
) -> None:
    walk.enter(page, front)
    note = walk.write(page, "a note")
    walk.upload(page, tmp_path)
    walk.deep_link(page, note, "a note")
    assert page.complaints() == []


def test_SYS_04_as_many_workers_as_cores_share_the_sessions(notes: System, page: Browser) -> None:
    assert len(workers(notes)) == 2
    # at once: Nginx keeps a connection to a worker for those that come one after the other
    script = """
        const [site, done] = arguments, given = {credentials: "include"};
        const ask = (path) => fetch(site + path, given).then((answer) => answer.json());
        Promise.all(Array.from({length: 60}, (_, i) => ask(i % 2 ? "/api/me" : "/api/version")))
          .then(done)"""
    said = page.driver.execute_async_script(script, walk.SITE)
    assert said[1::2] == [{"email": page.email}] * 30
    assert len({one["process"] for one in said[::2]}) == 2


def test_SYS_04_a_worker_that_dies_is_back_and_one_that_grows_is_named(notes: System) -> None:
    former = workers(notes)
    notes.ssh(f"kill -9 {former[0]}; sleep 3")
    now = workers(notes)
    assert len(now) == 2 and former[1] in now and former[0] not in now
    log = notes.ssh("app-command logs --since 15m")
    assert f'"worker":{former[0]},"ended":"SIGKILL"' in log
    assert f'"worker":{former[1]},"memoryMb":' in log


def test_SYS_04_an_open_tab_goes_on_over_a_release_and_a_rollback(
    notes: System, front: str, page: Browser
) -> None:
    walk.over_a_release_of_the_api(notes, page, front)


def test_SYS_04_what_it_answers_is_compressed(notes: System, front: str, page: Browser) -> None:
    walk.compressed(notes, page, front)


def test_SYS_04_its_report_finds_nothing_that_the_box_could_have(notes: System) -> None:
    found = notes.report()
    assert set(found) - NOT_YET == BOX_HAS_NOT | API_HAS_NOT, found
