"""An intruder in the application answers the load test: the operator's memory is not his."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli
import pytest

from load.bodies import KEPT

HUGE = 400 * 2**20  # bytes
MOST = 300 * 1024  # KiB that the visitors' process may have; Locust alone has about 120
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
ZEROS = bytes(2**20)
PACKED = {
    "/gzip": ("gzip", gzip.compress(bytes(HUGE), 1)),
    "/br": ("br", brotli.compress(bytes(HUGE), quality=1)),
}
ROOT = Path(__file__).parents[3]
SCENARIO = """
from locust import {kind}, task

class Visitor({kind}):
    @task
    def read(self):
        answer = self.client.get("{path}", name="{path}")
        assert set(answer.content) <= {{0}}, answer.content[:80]
        assert len(answer.content) == {kept}, len(answer.content)
"""


class Hostile(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        coding, body = PACKED.get(self.path, ("", b""))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        if self.path == "/endless":
            self.send_header("Content-Length", str(HUGE))
            self.end_headers()
            for _ in range(HUGE // len(ZEROS)):
                self.wfile.write(ZEROS)
            return
        self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *about: object) -> None:
        """Visitors go while they are answered."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = Server(("127.0.0.1", 0), Hostile)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["FastHttpUser", "HttpUser"])
@pytest.mark.parametrize("path", ["/endless", *PACKED])
def test_LOAD_01_no_answer_fills_the_memory_of_who_measures(
    kind: str, path: str, port: int, tmp_path: Path
) -> None:
    scenario = tmp_path / "scenario.py"
    scenario.write_text(SCENARIO.format(kind=kind, path=path, kept=KEPT))
    told = {
        "scenario": str(scenario), "host": f"http://127.0.0.1:{port}", "agent": "readyhost-load",
        "stages": [{"users": 1, "rate": 0, "seconds": 100, "ramp": 0}], "abort_errors": 100,
        "every": 0.5, "names": ["127.0.0.1"], "address": "127.0.0.1",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-m", "load.client"], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        lines = [json.loads(process.stdout.readline())]
        while not (lines[-1].get("seen", {}).get("closed") or lines[-1].get("errors")):
            lines.append(json.loads(process.stdout.readline()))
        most = int(PEAK.findall(Path(f"/proc/{process.pid}/status").read_text())[0])
        process.stdin.close()  # it ends with that
    assert most < MOST, f"{most // 1024} MiB"
    assert f"GET {path}" in lines[-1]["seen"]["closed"], lines
    assert not lines[-1]["failed"], lines
