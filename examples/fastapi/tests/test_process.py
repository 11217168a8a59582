"""A real web process on a Unix socket, with neither database nor cache in reach."""

import contextlib
import http.client
import json
import os
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).parent.parent


class OverSocket(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(self.path)
        except OSError:
            self.close()
            raise


class Process(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = f"{folder.name}/web-1.sock"
        self.uploads = f"{folder.name}/uploads"

    def start(self, **more):
        environment = {
            "PATH": os.environ["PATH"],
            "SOCKET": self.path,
            "UPLOADS_DIR": self.uploads,
            "DATABASE_URL": "postgresql://a:b@127.0.0.1:1/c",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "RELEASE": "v1",
            "SECRET_KEY": "k" * 32,
            "ENVIRONMENT": "staging",
            "LOG_LEVEL": "critical",
            **more,
        }
        # As the service manager does: the group, Nginx's, may write, others may nothing.
        command = ["sh", "-c", 'umask 0007; exec "$0" -m app', sys.executable]
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + 10
        while True:
            try:
                self.get("/version")
                return process
            except OSError:
                self.assertLess(time.monotonic(), deadline, "it does not answer")
                time.sleep(0.05)

    def get(self, path):
        with contextlib.closing(OverSocket(self.path)) as connection:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read(), response.headers

    def test_takes_over_a_stale_socket_and_leaves_it_to_its_group(self):
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(self.path)
        self.start()
        self.assertEqual(stat.S_IMODE(Path(self.path).stat().st_mode), 0o770)
        status, body, headers = self.get("/version")
        self.assertEqual(
            (status, json.loads(body)["release"], headers["X-Release"]), (200, "v1", "v1")
        )

    def test_health_says_no_in_time_to_servers_that_never_answer(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        self.start(DATABASE_URL=f"postgresql://a:b@{address}/c", REDIS_URL=f"redis://{address}/0")
        started = time.monotonic()
        status, body, _ = self.get("/health")
        self.assertEqual((status, json.loads(body)["status"]), (503, "unavailable"))
        self.assertLess(time.monotonic() - started, 4)

    def test_running_requests_finish_after_sigterm(self):
        process = self.start()
        answers = []
        request = threading.Thread(target=lambda: answers.append(self.get("/slow?seconds=1.5")))
        request.start()
        time.sleep(0.5)
        process.terminate()
        process.wait(timeout=5)
        request.join()
        self.assertEqual([status for status, *_ in answers], [200])
        with self.assertRaises(OSError):
            self.get("/version")

    def test_an_event_stream_does_not_hold_up_the_stop(self):
        process = self.start()
        with contextlib.closing(OverSocket(self.path)) as connection:
            connection.request("GET", "/events")
            response = connection.getresponse()
            lines = [response.readline() for _ in range(6)]
            self.assertEqual(lines[:4], [b"retry: 1000\n", b"\n", b"id: 1\n", b"event: tick\n"])
            process.terminate()
            process.wait(timeout=3)
            response.read()  # ends as it should: a stream cut short raises IncompleteRead

    def test_docs_are_closed_in_production_only(self):
        process = self.start(ENVIRONMENT="production")
        for path in ("/docs", "/redoc", "/openapi.json"):
            self.assertEqual(self.get(path)[0], 404, path)
        process.terminate()
        process.wait(timeout=5)
        self.start(ENVIRONMENT="staging")
        self.assertEqual(self.get("/openapi.json")[0], 200)
