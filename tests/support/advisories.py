"""A small stand-in for the services that know of holes: as pip-audit and npm ask them.

The real ones are not asked in tests: they say something else each month, and are not reached from
everywhere. It knows one hole in each language, a famous one.
"""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from vagrant.driver import Box

from .storage import ADDRESS

TOLD = "/etc/readyhost/maintained.json"  # what the look on a box is told
INSTALLED = "/srv/app/current/.venv/lib/python3*/site-packages"
PYTHON, CVE = "jinja2 2.11.1", "CVE-2020-28493"
NODE, GHSA = "lodash 4.17.15", "GHSA-p6mc-m468-83gw"

_OSV = {
    "id": "GHSA-g3rq-g295-4j3m",
    "aliases": [CVE],
    "modified": "2024-01-01T00:00:00Z",
    "summary": "ReDoS in the filter urlize",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.11.3"}]}],
        }
    ],
}
_NPM = {
    "id": 1523,
    "url": f"https://github.com/advisories/{GHSA}",
    "title": "Prototype Pollution in lodash",
    "severity": "high",
    "vulnerable_versions": ">=3.7.0 <4.17.19",
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        name, version = NODE.split()
        versions = {version: {"name": name, "version": version}}
        self._answer({"name": name, "dist-tags": {"latest": version}, "versions": versions})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        asked = json.loads(body)
        if self.path.endswith("/advisories/bulk"):
            name, version = NODE.split()
            self._answer({name: [_NPM]} if version in asked.get(name, ()) else {})
        else:
            known = [asked["package"]["name"].lower(), asked["version"]] == PYTHON.split()
            self._answer({"vulns": [_OSV]} if known else {})

    def _answer(self, value: dict[str, Any]) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def advisories() -> Iterator[str]:
    """Its address, as the boxes reach it."""
    with ThreadingHTTPServer((ADDRESS, 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://{ADDRESS}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def tell(box: Box, address: str, **more: Any) -> None:
    """Have a box's look ask for holes at `address`, which settings allow only by HTTPS; it is told
    all else as in TOLD.kept."""
    told = json.loads(box.ssh(f"cat {TOLD}.kept"))
    told |= {"python_advisories": f"{address}/v1/query", "node_advisories": address, **more}
    box.ssh(f"cat >{TOLD}", stdin=json.dumps(told))
