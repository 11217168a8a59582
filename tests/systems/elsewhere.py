"""The front end on another host than the API: built on this machine, and served by it."""

from __future__ import annotations

import http.server
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.support.storage import certificate
from vagrant.example import IGNORED

from .system import DOMAIN, EXAMPLES

# below the API's domain: browsers take cookies of one site from its other hosts' pages
FRONT = f"front.{DOMAIN}"


class _Page(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if "." not in self.path.rpartition("/")[2]:
            self.path = "/index.html"  # the page knows its routes
        super().do_GET()

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the examples' React front end is, while it is served."""
    source = folder / "front"
    shutil.copytree(EXAMPLES / "systems" / "front", source, ignore=IGNORED)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "VITE_API_BASE": f"https://{DOMAIN}"}
    for command in (("npm", "ci", "--no-audit", "--no-fund"), ("npm", "run", "build")):
        done = subprocess.run(
            command, cwd=source, env=env, check=False, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    certificate(folder)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "s3.pem", folder / "s3.key")
    handler = partial(_Page, directory=str(source / "dist"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"https://{FRONT}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
