"""A real Nginx for the tests, with the role's own files, in front of an application that obeys."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from roles.core.machine import Machine
from roles.nginx import Nginx, Scraped, Site
from tests.support.client import Answer, Server

from .laid_out import NGINX, lay_out, readable_here
from .laid_out import site as whole
from .upstream import Upstream


@dataclass
class Web(Server):
    """A running Nginx and the processes of its application."""

    root: Path = Path("/")
    upstreams: list[Upstream] = field(default_factory=list)

    @property
    def reached(self) -> list[dict]:
        """The requests that reached the application."""
        return [request for upstream in self.upstreams for request in upstream.seen]

    def answer(self, status: int = 200, *headers: str, text: str = "ok", **how: Any) -> Answer:
        """What becomes of this answer of the application."""
        query = urlencode([("status", status), ("text", text), *(("header", h) for h in headers)])
        return self.ask(f"/answer?{query}", **how)

    def write(self, path: str, content: str | bytes) -> Path:
        """Put a file where the site has it: `current/static/…` or `uploads/…`."""
        file = self.root / "srv/shop" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def logged(self, *paths: str) -> dict[str, dict]:
        """The access log's entries for `paths`, by path; waits until all are there."""
        file = self.root / "var/log/nginx/access.log"
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            time.sleep(0.05)
            # Makes every worker write what it holds back.
            os.kill(int((self.root / "run/nginx.pid").read_text()), signal.SIGUSR1)
            lines = file.read_text(errors="replace").splitlines()
            entries = {entry["path"]: entry for entry in map(json.loads, lines)}
            if entries.keys() >= set(paths):
                return entries
        raise AssertionError(f"{paths} not in {lines}")


Serve = Callable[..., Web]


def sockets(site: Site) -> list[str]:
    """Those of all kinds of processes."""
    return [*site.sockets, *(socket for route in site.routes for socket in route.sockets)]


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """A function that starts Nginx with the given settings; all are stopped in the end."""
    stops: list[Callable[[], object]] = []

    def start(
        processes: int = 2,
        site: dict[str, Any] | Callable[[Path], dict[str, Any]] | None = None,
        ready: str = "/",
        others: Callable[[Path], Sequence[Site]] = lambda root: (),
        measured: Scraped | None = None,
        **settings: Any,
    ) -> Web:
        root = Path(tempfile.mkdtemp(prefix="web-"))
        stops.append(lambda: shutil.rmtree(root))
        root.chmod(0o755)
        http_port, https_port = _free_ports()
        machine = Machine.example(readable_here()[-1], ipv6=False)
        own = site(root) if callable(site) else site or {}
        here = replace(whole(root, processes), **own)
        beside = others(root)
        ports = (http_port, https_port)
        lay_out(root, Nginx(**settings), machine, here, ports, *beside, measured=measured)
        upstreams = [Upstream(Path(p)) for each in (here, *beside) for p in sockets(each)]
        stops.append(_run_in_thread(upstreams))
        with (root / "stderr").open("wb") as said:
            nginx = subprocess.Popen(
                [NGINX, "-c", str(root / "etc/nginx/nginx.conf"), "-g", "daemon off;"], stderr=said
            )
        stops.append(lambda: nginx.wait(10))
        stops.append(nginx.terminate)
        web = Web("shop.test", "127.0.0.1", https_port, http_port, root=root, upstreams=upstreams)
        _wait(web, ready)
        return web

    yield start
    for stop in reversed(stops):
        stop()


def _run_in_thread(upstreams: list[Upstream]) -> Callable[[], None]:
    loop = asyncio.new_event_loop()
    stopping = asyncio.Event()

    async def main() -> None:
        servers = [asyncio.create_task(upstream.serve()) for upstream in upstreams]
        await stopping.wait()
        everything = {*servers, *asyncio.all_tasks()} - {asyncio.current_task()}
        for task in everything:
            task.cancel()
        await asyncio.gather(*everything, return_exceptions=True)
        await asyncio.sleep(0)  # closes what the tasks left

    def run() -> None:
        with contextlib.closing(loop):
            loop.run_until_complete(main())
            loop.run_until_complete(loop.shutdown_asyncgens())

    thread = threading.Thread(target=run)
    thread.start()

    def stop() -> None:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(5)

    return stop


def _wait(web: Web, ready: str) -> None:
    """Until it answers `ready` with 200; empty: anything at /."""
    deadline = time.monotonic() + 10
    while True:
        try:
            if web.ask(ready or "/").status == 200 or not ready:
                break
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise AssertionError((web.root / "stderr").read_text())
        time.sleep(0.02)
    for upstream in web.upstreams:
        upstream.seen.clear()
