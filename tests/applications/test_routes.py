"""Several kinds of processes that answer HTTP, of one release: a back end in Python, a front end in
Node.js that is rendered on the server, and one that has a host name of its own."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.host.conftest import DOMAIN
from tests.releases.shop import Shop
from vagrant.example import commit, git

from . import fullstack

pytestmark = pytest.mark.timeout(600)

EXAMPLE = Path(__file__).with_name("ssr")
ADMIN = f"admin.{DOMAIN}"
HTTP = {
    "front": {"paths": ["/"], "build": "front", "listen": "port", "timeout_seconds": 2},
    "admin": {"hosts": [ADMIN], "instances": 1, "health": {"path": "/ready"}},
}
VALUES = {
    "READYHOST_ALIASES": json.dumps([ADMIN]),
    "READYHOST_APP__WEB__INSTANCES": "1",
    "READYHOST_APP__BUILDS": '{"front": {"directory": "front"}}',
    "READYHOST_APP__HTTP": json.dumps(HTTP),
}
SERVER = "front/server.js"


def release(box: Shop, tag: str, changed: Mapping[str, str], check: bool = True) -> str:
    git(box.repository, "rm", "-rq", "--ignore-unmatch", ".")
    shutil.copytree(EXAMPLE, box.repository, dirs_exist_ok=True)
    for path, text in changed.items():
        (box.repository / path).write_text(text)
    commit(box.repository, tag)
    return box.pyinfra("-y", "--data", f"tag={tag}", values=VALUES, check=check).stdout


@pytest.fixture(scope="module")
def first(servers: Shop) -> Shop:
    release(servers, "v35.0.0", {})
    return servers


def test_APP_16_each_path_and_name_has_its_own_kind(first: Shop) -> None:
    for path in ("/", "/deep/link", "/apiary"):
        assert f"front {path}" in first.https(path).text
    assert first.https("/api/greeting").json() == {"release": "v35.0.0"}
    assert first.https("/health").json() == {"status": "ok"}
    with httpx.Client(
        base_url=f"https://{first.ip}", verify=False, headers={"Host": ADMIN}
    ) as client:
        answer = client.get("/api/greeting", extensions={"sni_hostname": ADMIN})
    assert answer.json() == {"kind": "admin", "path": "api/greeting", "release": "v35.0.0"}


def test_APP_16_each_kind_has_its_own_numbers_and_runtime(first: Shop) -> None:
    slot = first.ssh("basename $(readlink /srv/app/live)")
    running = first.ssh(f"systemctl list-units --plain --no-legend 'app-*-{slot}@*.service'")
    names = sorted(line.split("@")[0] for line in running.splitlines())
    assert names == [f"app-{n}-{slot}" for n in ("admin", "front", "front", "web")]
    unit = f"app-front-{slot}@1.service"
    assert first.ssh(f"systemctl show -P WorkingDirectory {unit}").endswith("/front")
    pid = first.ssh(f"systemctl show -P MainPID {unit}")
    assert "/opt/node/" in first.ssh(f"readlink /proc/{pid}/exe")
    seen = {first.https("/").headers["x-instance"] for _ in range(20)}
    assert seen == {"1", "2"}


def test_APP_16_each_kind_has_its_own_timeout(first: Shop) -> None:
    answer = first.https("/slow")
    assert answer.status_code == 504
    assert answer.elapsed.total_seconds() < 3.5


def test_APP_16_a_killed_process_is_not_noticed(first: Shop) -> None:
    slot = first.ssh("basename $(readlink /srv/app/live)")
    over, failed, count = threading.Event(), [], 0

    def ask() -> None:
        nonlocal count
        with first.client() as client:
            while not over.is_set():
                answer = client.get("/", extensions={"sni_hostname": DOMAIN})
                count += 1
                if answer.status_code != 200:
                    failed.append(answer.status_code)

    thread = threading.Thread(target=ask)
    thread.start()
    for instance in (1, 2):
        first.ssh(f"systemctl kill -s KILL app-front-{slot}@{instance}; sleep 2")
    over.set()
    thread.join()
    assert (failed, count > 100) == ([], True)


def test_APP_16_a_front_end_that_is_not_up_is_never_switched_to(first: Shop) -> None:
    bad = (EXAMPLE / SERVER).read_text().replace("health: 200", "health: 500")
    values = {"READYHOST_APP__HEALTH__DEADLINE_SECONDS": "6"}
    VALUES.update(values)
    try:
        said = release(first, "v35.1.0", {SERVER: bad}, check=False)
    finally:
        VALUES.pop(*values)
    assert "answered 500" in said
    assert "app.http.front.health.path" in said
    assert first.https("/api/greeting").json() == {"release": "v35.0.0"}
    assert "v35.0.0.css" in first.https("/").text


def test_APP_16_all_kinds_are_switched_in_one_instant_and_go_back(first: Shop) -> None:
    with fullstack.watched(first) as seen:
        release(first, "v35.2.0", {})
    assert seen.failures == []
    assert seen.between() < 0.5
    with fullstack.watched(first) as seen:
        first.pyinfra("-y", deploy="rollback.py", values=VALUES)
    assert seen.failures == []
    assert seen.between() < 0.5
    assert "v35.0.0.css" in first.https("/").text
