"""Express and a BullMQ worker that forks: redirects stay on HTTPS, only what leaked is ended."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from tests.host.application import environ, pid, units
from tests.host.conftest import DOMAIN
from tests.releases.shop import Shop

from .test_forks import CEILING, out_of_memory
from .whole import put

pytestmark = pytest.mark.timeout(600)

FORKS, MEMORY_MB = 2, 400
TAG = "v14.0.0"
SETTINGS = {
    "READYHOST_APP__HEALTH__PATH": "/",
    "READYHOST_APP__WEB__COMMAND": "node web.mjs",
    "READYHOST_APP__WORKERS": json.dumps(
        {"queue": {"command": "node worker.mjs", "forks": FORKS, "memory_max_mb": MEMORY_MB}}
    ),
}


@pytest.fixture(scope="module", autouse=True)
def queue(servers: Shop) -> None:
    put(servers, "queue", TAG)
    servers.pyinfra("-y", "--data", f"tag={TAG}", values=SETTINGS)


@pytest.mark.parametrize("trust", ["", "1", "loopback"])
def test_APP_11_where_express_sends_people_stays_on_https(servers: Shop, trust: str) -> None:
    """Whichever way it takes Nginx for a proxy: one that it knows by address has none on a
    socket."""
    values = {**SETTINGS, "READYHOST_APP__ENV": json.dumps({"TRUST": trust})}
    servers.pyinfra("-y", "--data", f"tag={TAG}", values=values)
    assert servers.https("/here").headers["location"] == f"https://{DOMAIN}/there"
    if trust == "1":
        assert servers.https("/").text == "express https"


def test_APP_11_of_a_queue_s_processes_only_what_leaked_is_ended(servers: Shop) -> None:
    servers.pyinfra("-y", "--data", f"tag={TAG}", values=SETTINGS)
    (unit,) = units(servers, "queue")
    seen = environ(servers, unit)
    assert seen["WEB_CONCURRENCY"] == str(FORKS)
    heap = MEMORY_MB * 3 // 4 // (FORKS + 1)
    assert seen["NODE_OPTIONS"] == f"--max-old-space-size={heap}"
    done(servers, *["count"] * FORKS)
    main, before = pid(servers, unit), forks(servers, unit)
    assert len(before) == FORKS
    assert servers.https("/jobs/leak", method="POST").status_code == 200
    assert "live, out of memory once" in (line := out_of_memory(servers))
    assert "forks" not in line  # which are known
    assert pid(servers, unit) == main
    assert len(before - forks(servers, unit)) == 1, "more was ended than what leaked"
    done(servers, *["count"] * FORKS)
    run = servers.pyinfra("-y", "--data", f"tag={TAG}", values=SETTINGS).stdout
    assert "was out of memory once, last at " in run
    ceiling = CEILING.format(MEMORY_MB).replace("app.web", "app.workers.queue")
    assert ceiling in run


def done(servers: Shop, *names: str) -> None:
    """Have jobs done."""
    wanted = counts(servers)["completed"] + len(names)
    for name in names:
        assert servers.https(f"/jobs/{name}", method="POST").status_code == 200
    end = time.monotonic() + 30
    while (found := counts(servers))["completed"] < wanted:
        assert time.monotonic() < end, found
        time.sleep(0.5)


def counts(servers: Shop) -> dict[str, int]:
    answer: httpx.Response = servers.https("/jobs")
    found: dict[str, int] = answer.json()
    return found


def forks(servers: Shop, unit: str) -> set[str]:
    """The processes of a unit but its main one."""
    main = pid(servers, unit)
    return set(servers.ssh(f"pgrep -P {main} || true").split())
