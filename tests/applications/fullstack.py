"""The full-stack example on a box: its settings, its releases, what a browser's tab asks for."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.host.conftest import DOMAIN
from tests.releases.shop import Shop
from vagrant.demo import own
from vagrant.driver import ROOT
from vagrant.example import IGNORED, commit, git

EXAMPLE = ROOT / "examples" / "fullstack"
ONE = {"READYHOST_APP__WEB__INSTANCES": "1"}


def values() -> dict[str, str]:
    """What its environment says."""
    return {**own("fullstack"), **ONE}


def release(box: Shop, tag: str, changed: Mapping[str, str]) -> None:
    """The example with some files changed (text by path), live as `tag`."""
    git(box.repository, "rm", "-rq", "--ignore-unmatch", ".")
    shutil.copytree(EXAMPLE, box.repository, dirs_exist_ok=True, ignore=IGNORED)
    for path, text in changed.items():
        (box.repository / path).write_text(text)
    commit(box.repository, tag)
    box.pyinfra("-y", "--data", f"tag={tag}", values=values())


def scripts(page: str) -> list[str]:
    """Files that a page names."""
    return re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)


def chunks(box: Shop, script: str) -> list[str]:
    """Files that a script fetches later."""
    text = box.https(script).text
    return [f"/assets/{name}" for name in dict.fromkeys(re.findall(r"[a-z]+-[\w-]{8}\.js", text))]


@dataclass
class Seen:
    """When each part was first seen to be another one, and what failed."""

    first: dict[str, dict[str, float]] = field(default_factory=lambda: {"page": {}, "api": {}})
    failures: list[str] = field(default_factory=list)

    def between(self) -> float:
        """Seconds between the switch of one part and of the other."""
        page, api = (sorted(self.first[part].values()) for part in ("page", "api"))
        assert len(page) == len(api) == 2, self.first
        return abs(page[1] - api[1])


@contextmanager
def watched(box: Shop) -> Iterator[Seen]:
    """Ask for both parts all the time."""
    seen, over = Seen(), threading.Event()

    def ask() -> None:
        with box.client() as client:
            while not over.is_set():
                for part, path in (("api", "/api/greeting"), ("page", "/")):
                    try:
                        answer = client.get(path, extensions={"sni_hostname": DOMAIN})
                        answer.raise_for_status()
                    except httpx.HTTPError as error:
                        seen.failures.append(f"{path}: {error}")
                        continue
                    text = answer.text
                    is_now = json.loads(text)["release"] if part == "api" else scripts(text)[0]
                    seen.first[part].setdefault(is_now, time.monotonic())

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
