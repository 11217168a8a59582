"""A real Prometheus, and an exporter whose series are named by who uses the service behind it."""

from __future__ import annotations

import http.server
import json
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from roles.core.entries import File
from roles.core.machine import Machine
from roles.monitoring import names
from roles.monitoring.files import Around, Watched, entries
from roles.monitoring.settings import Monitoring

MOST = Monitoring().service_series
REDIS_PORT = 9121
EXPORTERS = ("9090", "9100", "9187", "9113", "9115", "3903")


@dataclass
class Redis:
    """What the exporter of Redis says, and how often it was asked."""

    port: int = 0
    lines: list[str] = field(default_factory=list)
    asked: int = 0


def free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def redis() -> Iterator[Redis]:
    said = Redis()

    class Exporter(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said.asked += 1
            body = "".join(f"{line}\n" for line in said.lines).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Exporter)
    said.port = server.server_address[1]
    threading.Thread(target=server.serve_forever).start()
    yield said
    server.shutdown()
    server.server_close()


Ask = Callable[[str], float]


@pytest.fixture
def value(redis: Redis, tmp_path: Path) -> Iterator[Ask]:
    """What a Prometheus with the host's own configuration says, once it has asked again."""
    around = Around((Watched("shop", "shop.example"),))
    found = entries(Monitoring(mode="local"), Machine.example(), around)
    files = {e.path: str(e.content) for e in found if isinstance(e, File)}
    text = files[names.CONFIGURATION]
    nobody, port = free(), free()
    text = text.replace(f'"127.0.0.1:{REDIS_PORT}"', f'"127.0.0.1:{redis.port}"')
    for other in EXPORTERS:
        text = text.replace(f'"127.0.0.1:{other}"', f'"127.0.0.1:{nobody}"')
    for times in ("scrape_interval: 15s", "evaluation_interval: 15s", "scrape_timeout: 10s"):
        text = text.replace(times, f"{times.split(':')[0]}: 1s")
    file = tmp_path / "prometheus.yml"
    file.write_text(text)
    base = f"http://127.0.0.1:{port}/api/v1/query?query="
    command = ["prometheus", f"--config.file={file}", f"--storage.tsdb.path={tmp_path}/data"]
    command += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]

    def ask(query: str) -> float:
        end, after = time.monotonic() + 20, redis.asked + 2
        while time.monotonic() < end:
            time.sleep(0.1)
            if redis.asked < after:
                continue
            try:
                with urllib.request.urlopen(base + urllib.parse.quote(query), timeout=5) as answer:
                    result = json.load(answer)["data"]["result"]
            except urllib.error.URLError:
                continue
            return float(result[0]["value"][1]) if result else -1
        raise AssertionError("it does not ask")

    with subprocess.Popen(command) as running:
        try:
            yield ask
        finally:
            running.terminate()


def test_MON_01_errors_that_a_script_makes_up_fill_no_memory(redis: Redis, value: Ask) -> None:
    """`return {err = "ANY words"}`: Redis counts it by that name."""
    redis.lines = ["redis_up 1", *(f'redis_errors_total{{err="E{n}"}} 1' for n in range(2 * MOST))]
    assert value("redis_up") == 1
    assert value("count({job='redis', __name__=~'redis_.*'})") == 1


def test_MON_01_of_more_series_than_such_a_service_has_none_is_taken(
    redis: Redis, value: Ask
) -> None:
    redis.lines = [f'redis_other{{of="{n}"}} 1' for n in range(MOST - 1)]
    assert value("count(redis_other)") == MOST - 1
    redis.lines = [f'redis_other{{of="new {n}"}} 1' for n in range(MOST + 1)]
    assert value("up{job='redis'}") == 0
    assert value("count(redis_other{of=~'new.*'})") == -1
