"""Two neighbours on a host: one whose pages are looked at, and one that has all the trouble."""

from __future__ import annotations

import contextlib
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.client import Server
from tests.support.flood import flood
from tests.support.hostile import HEADS, PATHS
from tests.support.wrk import Load, started, wrk

from .two import Two

# A page is made as pages are: some work of its own, and some waiting for others.
SERVER = """
import hashlib, http.server, os, socketserver, time

held = []

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/burn":
            hashlib.pbkdf2_hmac("sha256", b"word", b"salt", 200_000)
        elif self.path == "/leak":
            while True:
                held.append(bytearray(8 * 2**20))
        elif self.path != "/health":
            hashlib.pbkdf2_hmac("sha256", b"word", b"salt", 4_000)
            time.sleep(0.05)
        body = f"{os.environ['DOMAIN']} {os.environ['RELEASE']}\\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def address_string(self):
        return "nginx"

class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

os.umask(0o007)
Server(os.environ["SOCKET"], Handler).serve_forever()
"""
PROCFILE = "web: python3 server.py\n"
CEILING_MB = 128
SECONDS = 8  # of one look: some 200 pages
ROUNDS = 3
USERS = 8
THINK = 200  # milliseconds that a user waits before each page, on average
CROWD = 48  # connections that ask the other for as much as it can give
SLOW = 150  # connections that send a header and never end it


def toml(two: Two) -> str:
    head = (
        f'hosts = ["{two.box.ip}"]\n[ssh]\nuser = "vagrant"\nkey = "{two.box.key}"\n'
        '[nginx.limits]\nunlimited = ["10.0.3.1/32"]\n[backup]\nlocal_only = true\n'
        # Whoever attacks goes on: a ban would end it.
        '[bans]\nignore = ["10.0.3.1/32", "198.18.0.0/15"]\n'
    )
    return head + "".join(
        f'[apps.{name}]\nrepository = "{two.place / name}"\ndomain = "{name}.example"\n'
        f'kind = "command"\ntag = "v1.0.0"\nshare_percent = 50\n'
        f"[apps.{name}.web]\ninstances = 2\nmemory_max_mb = {CEILING_MB}\n"
        f"[apps.{name}.watch]\nseconds = 0\n"
        for name in ("shop", "blog")
    )


def look(two: Two, seconds: int = SECONDS) -> Load:
    """What visitors of the one that is left in peace see."""
    return wrk(two.box.ip, "blog.example", "/", USERS, seconds, think=THINK)


@contextlib.contextmanager
def crowded(two: Two, path: str) -> Iterator[None]:
    """More visitors of the other than it can serve. They are last in line for this machine's
    cores, which it shares with its box: what they cost the box counts, and not they."""
    with started(two.box.ip, "shop.example", path, CROWD, 3600, niceness=19):
        time.sleep(1)
        yield


@contextlib.contextmanager
def flooded(two: Two, attacker: str) -> Iterator[None]:
    """One address that is held back, a few hundred requests a second."""
    with flood(Server("shop.example", two.box.ip), attacker):
        time.sleep(0.5)
        yield


@contextlib.contextmanager
def attacked(two: Two, attacker: str) -> Iterator[None]:
    """Requests that nobody sends by accident, over and over, and many that never end."""
    server = Server("shop.example", two.box.ip)
    script = "import sys; from tests.applications.neighbours import hostile; hostile(*sys.argv[1:])"
    line = [sys.executable, "-c", f"import os; os.nice(19); {script}", two.box.ip, attacker]
    with contextlib.ExitStack() as stack:
        for _ in range(SLOW):
            slow: socket.socket = server.connect(source=attacker)
            stack.enter_context(slow)
            slow.sendall(b"GET / HTTP/1.1\r\nHost: shop.example\r\nX-A: ")
        run = subprocess.Popen(line)
        try:
            yield
        finally:
            run.terminate()
            run.wait()


def hostile(ip: str, attacker: str) -> None:
    server = Server("shop.example", ip)
    while True:
        for attack in (*HEADS, *PATHS):
            with contextlib.suppress(OSError), server.connect(source=attacker) as stream:
                stream.sendall(attack.bytes("n" * 20))
                stream.recv(4096)


@contextlib.contextmanager
def leaking(two: Two) -> Iterator[None]:
    """Its processes take memory until they are ended, one after the other."""
    with started(two.box.ip, "shop.example", "/leak", 2, 3600, niceness=19):
        yield


@dataclass
class Seen:
    """p95 in milliseconds, of looks in peace and of those beside trouble, in turn."""

    quiet: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    errors: int = 0

    def note(self, into: list[float], load: Load) -> None:
        into.append(load.p95)
        self.errors += load.errors

    @property
    def ratio(self) -> float:
        return statistics.median(self.beside) / statistics.median(self.quiet)


def beside(two: Two, trouble: Callable[[], AbstractContextManager[None]]) -> Seen:
    """In peace and beside trouble in turn, so that whatever else this machine does is in both."""
    seen = Seen()
    for _ in range(ROUNDS):
        seen.note(seen.quiet, look(two))
        with trouble():
            seen.note(seen.beside, look(two))
    return seen


def server(place: Path) -> None:
    """The files of an application."""
    (place / "server.py").write_text(SERVER)
    (place / "Procfile").write_text(PROCFILE)
