"""Many visitors of a system at once, by `readyhost ENV load`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.support.readyhost import command, environment
from vagrant.driver import ROOT

from .browser import Browser
from .system import System

REPORTS = ROOT / "reports" / "vagrant" / "load"
STAGE = "25"  # seconds: users arrive in the first five
# Who reads, and now and then writes; each has the cookie of one that is signed in: to make an
# account costs as much as a hundred pages, and is done once.
SCENARIO = """
import os
from locust import FastHttpUser, between, task

KNOWN = {"Cookie": os.environ["VISITOR"], "Origin": os.environ["SITE"]}

class Visitor(FastHttpUser):
    wait_time = between(10, 20)
    network_timeout = connection_timeout = 30

    @task(9)
    def read(self):
        self.client.get("/")
        self.client.get("/api/notes", headers=KNOWN)

    @task(1)
    def write(self):
        self.client.post("/api/notes", json={"text": "one of many"}, headers=KNOWN)
"""


def loaded(system: System, page: Browser, site: str, folder: Path, users: str) -> dict[str, Any]:
    """What a load test of so many users, a stage each, has found. page: of one that is signed in.
    It is kept, as any other, in reports/."""
    scenario = folder / "load.py"
    scenario.write_text(SCENARIO)
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.driver.get_cookies())
    known = {"VISITOR": cookies, "SITE": site}
    before = set(REPORTS.glob("*.json"))
    done = subprocess.run(
        command("load", "--scenario", str(scenario), "--users", users, "--stage-seconds", STAGE),
        cwd=ROOT, env={**os.environ, **environment(system, system.wanted), **known},
        text=True, capture_output=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
    (path,) = set(REPORTS.glob("*.json")) - before
    found: dict[str, Any] = json.loads(path.read_text())
    return found
