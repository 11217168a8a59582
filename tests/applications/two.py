"""A host with two applications, and somebody who asks for one of them all the time."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import project, site
from vagrant.driver import Box, Completed

SERVER = """
import http.server, os, socketserver

BY_PORT = os.environ.get("PORT")

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"{os.environ['DOMAIN']} {os.environ['RELEASE']}\\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self):
        return "nginx"

KIND = socketserver.TCPServer if BY_PORT else socketserver.UnixStreamServer

class Server(socketserver.ThreadingMixIn, KIND):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

Server(("127.0.0.1", int(BY_PORT)) if BY_PORT else os.environ["SOCKET"], Handler).serve_forever()
"""
LISTEN = {"shop": "port", "blog": "socket"}
APPS = tuple(LISTEN)
TABLE = "CREATE TABLE IF NOT EXISTS mine (word text)"
PROCFILE = f"web: python3 server.py\nrelease: psql $DATABASE_URL -c '{TABLE}'\n"


PASSPHRASE = "READYHOST_BACKUP__PASSPHRASE=9a2c4e6f8b1d3507a4c6e8f0b2d41637"
# What shop was before there were several: its database is still called as then.
FORMER = '[apps.shop.database]\nname = "app"\nuser = "app"\n'


def head(box: Box) -> str:
    return (
        f'hosts = ["{box.ip}"]\n[ssh]\nuser = "vagrant"\nkey = "{box.key}"\n'
        '[nginx.limits]\nunlimited = ["0.0.0.0/0"]\n[backup]\nlocal_only = true\n'
    )


def single(box: Box, place: Path) -> str:
    """The settings of shop, when it had its host to itself."""
    return (
        f'domain = "shop.example"\n{head(box)}[app]\nname = "shop"\n'
        f'repository = "{place / "shop"}"\nkind = "command"\ntag = "v1.0.0"\n'
        '[app.web]\ninstances = 2\nlisten = "port"\n[app.watch]\nseconds = 0\n'
    )


def toml(box: Box, place: Path, apps: tuple[str, ...] = APPS) -> str:
    return head(box) + "".join(
        f'[apps.{name}]\nrepository = "{place / name}"\ndomain = "{name}.example"\n'
        f'kind = "command"\ntag = "v1.0.0"\nshare_percent = 50\n'
        f'[apps.{name}.web]\ninstances = 2\nlisten = "{LISTEN[name]}"\n'
        f"[apps.{name}.watch]\nseconds = 0\n{FORMER if name == 'shop' else ''}"
        for name in apps
    )


def secret(app: str, key: str) -> str:
    return f"{app}{key[:4].lower()}7b1f0e4d6c9a4f2e8d"


def single_env() -> str:
    """The secrets that go with `single`: the same, by their former names."""
    names = {
        "APP__SECRET_KEY": "SECRET_KEY",
        "POSTGRES__PASSWORD": "DATABASE__PASSWORD",
        "REDIS__PASSWORD": "REDIS__PASSWORD",
    }
    lines = [f"READYHOST_{name}={secret('shop', key)}" for name, key in names.items()]
    return "\n".join([*lines, PASSPHRASE, ""])


def env(apps: tuple[str, ...] = APPS) -> str:
    keys = ("SECRET_KEY", "DATABASE__PASSWORD", "REDIS__PASSWORD")
    lines = [
        f"READYHOST_APPS__{name.upper()}__{key}={secret(name, key)}"
        for name in apps
        for key in keys
    ]
    return "\n".join([*lines, PASSPHRASE, ""])


@dataclass
class Two:
    """A host with both, and the operator's copy of the project."""

    box: Box
    clone: Path
    place: Path

    def settings(self, apps: tuple[str, ...] = APPS) -> None:
        self.write(toml(self.box, self.place, apps), env(apps))

    def write(self, values: str, secrets: str) -> None:
        (self.clone / "inventories" / "prod.toml").write_text(values)
        file = self.clone / "inventories" / "prod.env"
        file.write_text(secrets)
        file.chmod(0o600)

    def pyinfra(self, deploy: str, *arguments: str) -> Completed:
        return project.pyinfra(self.clone, deploy, *arguments)

    def readyhost(self, *arguments: str) -> Completed:
        return project.readyhost(self.clone, *arguments)

    def ok(self, deploy: str, *arguments: str) -> str:
        done = self.pyinfra(deploy, *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def answer(self, app: str) -> str:
        """What the site of an application says."""
        return site.asked(self.box.ip, f"{app}.example")

    def inside(self, app: str, command: str) -> Completed:
        """A shell command in the sandbox of an application, as its own processes are in."""
        line = shlex.join(["run", "--by", "test", "--", "sh", "-c", f"exec 2>&1; {command}"])
        return self.box.run(f"{app}-command {line}")


@dataclass
class Asked:
    answers: set[str] = field(default_factory=set)
    count: int = 0


@contextmanager
def visitors(two: Two, app: str) -> Iterator[Asked]:
    """Somebody asks for an application's site all the time."""
    asked, over = Asked(), threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                asked.answers.add(two.answer(app))
            except OSError as error:
                asked.answers.add(repr(error))
            asked.count += 1
            time.sleep(0.02)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield asked
    finally:
        over.set()
        thread.join()
