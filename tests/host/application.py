"""A box's application as its host sees it, and requests that go on while something happens."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from .conftest import Host

NAME = "app"


def status(box: Host) -> dict[str, Any]:
    """What the host's release program says."""
    return json.loads(box.ssh(f"{NAME}-release status"))


def live(box: Host) -> str:
    """The live slot."""
    return box.ssh(f"readlink /srv/{NAME}/live").rsplit("/", 1)[-1]


def units(box: Host, process: str) -> list[str]:
    """Running units of a process, in the live slot."""
    pattern = f"'{NAME}-{process}-{live(box)}@*.service'"
    listed = box.ssh(f"systemctl list-units --plain --no-legend --state=running {pattern}")
    return [line.split()[0] for line in listed.splitlines()]


def prop(box: Host, unit: str, name: str) -> str:
    """One property of a unit."""
    return box.ssh(f"systemctl show --property={name} --value '{unit}'")


def run_failed_jobs_again(box: Host) -> None:
    """A job is due every five minutes: one that another test kept from the database or the cache
    has failed as it should, and succeeds now."""
    failed = "systemctl --failed --no-legend --plain | awk '{print $1}'"
    box.ssh(f"{failed} | grep ^{NAME}-cleanup- | xargs -r systemctl start")


def pid(box: Host, unit: str) -> int:
    """The main process of a unit."""
    return int(prop(box, unit, "MainPID"))


def environ(box: Host, unit: str) -> dict[str, str]:
    """The environment of a unit's main process, as the kernel has it."""
    raw = box.ssh(f"cat /proc/{pid(box, unit)}/environ")
    return dict(line.partition("=")[::2] for line in raw.split("\0") if line)


@dataclass
class Traffic:
    """What clients saw."""

    answers: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    failed_at: list[float] = field(default_factory=list)

    def note(self, response: httpx.Response) -> None:
        if response.status_code == 200:
            self.answers[response.headers.get("X-Release", "")] += 1
        else:
            self.fail(f"{response.status_code} {response.text[:100]}")

    def fail(self, what: str) -> None:
        self.failures.append(what)
        self.failed_at.append(time.monotonic())

    @property
    def failed_for(self) -> float:
        """Seconds from the first failure to the last."""
        return max(self.failed_at) - min(self.failed_at) if self.failed_at else 0.0


@contextmanager
def traffic(box: Host, path: str, clients: int = 4) -> Iterator[Traffic]:
    """Clients that ask for `path` over and over, and repeat nothing by themselves."""
    seen, done = Traffic(), threading.Event()

    def ask() -> None:
        with box.client() as client:
            while not done.is_set():
                try:
                    seen.note(client.get(path, extensions={"sni_hostname": "shop.example"}))
                except httpx.HTTPError as error:
                    seen.fail(repr(error))
                time.sleep(0.03)  # somebody asks every few milliseconds, and the box has time left

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        done.set()
        for thread in threads:
            thread.join()
