"""A real Nginx for the tests, with the role's own files, in front of an application that obeys."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from roles.core.machine import Machine
from roles.nginx import Nginx

from .client import Answer, Server
from .laid_out import NGINX, lay_out, readable_here, site
from .upstream import Upstream

PROCESSES = 2


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

    def log(self, name: str = "access.log") -> list[str]:
        """Lines of a log, after all that is held back was written."""
        time.sleep(0.05)  # a line is written after its response
        pid = int((self.root / "run/nginx.pid").read_text())
        file = self.root / "var/log/nginx" / name
        file.rename(file.with_suffix(".old"))
        os.kill(pid, signal.SIGUSR1)
        deadline = time.monotonic() + 5
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.1)  # each worker opens it for itself
        return file.with_suffix(".old").read_text(errors="replace").splitlines()


Serve = Callable[..., Web]


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture(scope="module")
def serve() -> Iterator[Serve]:
    """A function that starts Nginx with the given settings; all are stopped in the end."""
    stops: list[Callable[[], object]] = []

    def start(**settings: Any) -> Web:
        root = Path(tempfile.mkdtemp(prefix="web-"))
        stops.append(lambda: shutil.rmtree(root))
        root.chmod(0o755)
        http_port, https_port = _free_ports()
        machine = Machine.example(readable_here()[-1], ipv6=False)
        here = site(root, PROCESSES)
        lay_out(root, Nginx(**settings), machine, here, (http_port, https_port))
        upstreams = [Upstream(Path(path)) for path in here.sockets]
        stops.append(_run_in_thread(upstreams))
        with (root / "stderr").open("wb") as said:
            nginx = subprocess.Popen(
                [NGINX, "-c", str(root / "etc/nginx/nginx.conf"), "-g", "daemon off;"], stderr=said
            )
        stops.append(lambda: nginx.wait(10))
        stops.append(nginx.terminate)
        web = Web("shop.test", "127.0.0.1", https_port, http_port, root=root, upstreams=upstreams)
        _wait(web)
        return web

    yield start
    for stop in reversed(stops):
        stop()


def _run_in_thread(upstreams: list[Upstream]) -> Callable[[], None]:
    loop = asyncio.new_event_loop()

    async def main() -> None:
        await asyncio.gather(*(upstream.serve() for upstream in upstreams))

    task = loop.create_task(main())

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass
        finally:
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()

    def stop() -> None:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(5)

    return stop


def _wait(web: Web) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            if web.ask("/").status == 200:
                break
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise AssertionError((web.root / "stderr").read_text())
        time.sleep(0.02)
    for upstream in web.upstreams:
        upstream.seen.clear()
