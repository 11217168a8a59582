"""Load tests of a real host by the command itself: over a release and a rollback, and of a release
that leaks connections.

On demand (TESTS=load): a host of its own, that begins bare, and builds take four minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.host.application import NAME
from tests.host.conftest import values
from tests.releases.shop import Shop
from tests.support.readyhost import Terminal, command, environment
from tests.support.suites import suites
from vagrant.driver import ROOT
from vagrant.example import repository

pytestmark = [
    pytest.mark.skipif(os.environ.get("TESTS") != "load", reason="takes minutes: TESTS=load"),
    pytest.mark.timeout(900),
]
REPORTS = ROOT / "reports" / "vagrant" / "load"
SCENARIO = """
from locust import FastHttpUser, between, task

class Visitor(FastHttpUser):
    wait_time = between(0.5, 1.5)

    @task
    def read(self) -> None:
        self.client.get("/version")
        self.client.get("/items?cache=no", name="/items")
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    suite = suites()[-1]
    source = repository("fastapi", tmp_path_factory.mktemp("team") / "fastapi")
    host = Shop.boot(f"load-{suite}", suite, {
        **values(source),
        "READYHOST_APP__WATCH__SECONDS": "5",
        "READYHOST_APP__WEB__INSTANCES": "2",
        "READYHOST_LOAD__ALLOWED": "true",
    })  # fmt: skip
    host.example, host.repository = "fastapi", source
    host.converge()
    yield host
    host.destroy()


class Asked:
    """`readyhost ENV load`, under way."""

    def __init__(self, shop: Shop, folder: Path, *options: str, scenario: str = SCENARIO) -> None:
        path = folder / "load.py"
        path.write_text(scenario)
        self.before = set(REPORTS.glob("*.json"))
        self.process = subprocess.Popen(
            command("load", "--scenario", str(path), *options),
            cwd=ROOT, env=environment(shop), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.said = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.said = self.process.stdout.read()

    def under_way(self, shop: Shop) -> None:
        end = time.monotonic() + 60
        while not shop.ssh("ls /run/readyhost-load 2>/dev/null || true"):
            assert time.monotonic() < end and self.process.poll() is None, self.said
            time.sleep(0.5)

    def end(self) -> dict[str, Any]:
        status = self.process.wait(timeout=400)
        self._reader.join()
        assert status == 0, self.said
        (path,) = set(REPORTS.glob("*.json")) - self.before
        found: dict[str, Any] = json.loads(path.read_text())
        page = path.with_suffix(".html").read_text()
        assert all(each["release"] in page for each in found["releases"])
        return found


def test_LOAD_01_a_release_and_a_rollback_under_it_lose_nothing(shop: Shop, tmp_path: Path) -> None:
    asked = Asked(shop, tmp_path, "--users", "30", "--stage-seconds", "90")
    asked.under_way(shop)
    time.sleep(22)  # a stage's figures are of what comes after its first fifth
    tag = shop.tag({"app/news.py": "NEWS = 1\n"})
    shop.deploy(tag)
    shop.pyinfra("-y", deploy="rollback.py")
    found = asked.end()
    (stage,) = found["stages"]
    assert stage["errors"] == 0 and stage["requests"] > 500, stage["reasons"]
    assert [each["release"] for each in found["releases"]] == [tag, "v1.0.0"], asked.said
    # What is frozen, or starts, is not taken for what answers.
    assert stage["units"][f"{NAME}-web@1"]["cores"] > 0.001
    assert f"{NAME}-web@1, other release" in stage["units"]
    assert found["restarts"] == {}, asked.said


def test_LOAD_04_one_process_of_the_live_release_alone(shop: Shop, tmp_path: Path) -> None:
    """The one before is frozen: it stays so."""
    shop.deploy(shop.tag({"app/news.py": "NEWS = 2\n"}))
    frozen = shop.ssh("systemctl list-units --plain --no-legend --state=active "
                      f"'{NAME}-web-*@2.service'").splitlines()  # fmt: skip
    assert len(frozen) == 2, frozen
    asked = Asked(shop, tmp_path, "--users", "10", "--stage-seconds", "8", "--single-process")
    asked.under_way(shop)
    stopped, end = "", time.monotonic() + 20
    while not stopped and time.monotonic() < end:
        stopped = shop.run("cat /run/readyhost-load/.stopped").stdout
    assert stopped.count("-web-") == 1, stopped
    assert asked.end()["single"]["one"] > 0


def test_LOAD_03_it_goes_on_when_the_terminal_has_gone(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "load.py"
    path.write_text(SCENARIO)
    before = set(REPORTS.glob("*.json"))
    words = command("load", "--scenario", str(path), "--users", "5", "--soak", str(20 / 3600))
    with Terminal([*words, "--detach"], environment(shop)) as terminal:
        terminal.wait_for("kill -INT", 60)
        assert terminal.ended() == 0, terminal.seen
    # The terminal is closed here: who is of its session is hung up.
    assert shop.ssh("ls /run/readyhost-load")
    end = time.monotonic() + 60
    while not (kept := set(REPORTS.glob("*.json")) - before):
        assert time.monotonic() < end, (REPORTS / "under-way.log").read_text()
        time.sleep(0.5)
    (found,) = (json.loads(path.read_text()) for path in kept)
    assert found["abort"] == "" and found["stages"][0]["errors"] == 0


def test_LOAD_03_connections_that_leak_are_named(shop: Shop, tmp_path: Path) -> None:
    text = shop.text("app/health.py")
    leak = """
import psycopg, os
kept = []


@router.get("/leak")
def leaks() -> dict[str, int]:
    kept.append(psycopg.connect(os.environ["DATABASE_URL"]))
    return {"kept": len(kept)}
"""
    shop.deploy(shop.tag({"app/health.py": text + leak}))
    often = '__import__("random").choice(["/version"] * 19 + ["/leak"]), name="/version"'
    asked = Asked(shop, tmp_path, "--users", "10", "--arrivals", "2", "--soak", str(70 / 3600),
                  scenario=SCENARIO.replace('"/version"', often))  # fmt: skip
    found = asked.end()
    leaks = {(each["who"], each["what"]) for each in found["grown"] if each["leaks"]}
    assert ("PgBouncer", "connections") in leaks, found["grown"]
    assert any(who.startswith(f"{NAME}-web@") and what == "descriptors" for who, what in leaks), (
        found["grown"]
    )
