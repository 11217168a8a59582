"""A zone of the DNS on this machine that takes changes from who knows its key (RFC 2136)."""

from __future__ import annotations

import base64
import os
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path

from .server import started
from .storage import ADDRESS, free

KEY = "certificates"
CONFIGURATION = """
server:
    rundir: "{folder}"
    listen: [ "{address}@{port}", "{resolver}@53" ]
database:
    storage: "{folder}"
key:
  - id: {key}
    algorithm: hmac-sha256
    secret: {secret}
acl:
  - id: changes
    key: {key}
    action: update
zone:
  - domain: {name}
    file: "{folder}/zone"
    acl: changes
"""
ZONE = """
@ 1 SOA ns.{name}. admin.{name}. 1 3600 600 86400 1
@ 1 NS ns.{name}.
ns 1 A {address}
"""


@dataclass
class Zone:
    """A running server for the zone `name`. `resolver`: its address on port 53, for this machine
    alone; boxes reach it at ADDRESS and `port`."""

    folder: Path
    name: str
    resolver: str
    secret: str = field(default_factory=lambda: base64.b64encode(os.urandom(32)).decode())

    def start(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.port = free(ADDRESS)
        values = {**vars(self), "address": ADDRESS, "key": KEY}
        (self.folder / "zone").write_text(f"$ORIGIN {self.name}.{ZONE.format(**values)}")
        (self.folder / "knot.conf").write_text(CONFIGURATION.format(**values))
        self.process = started(self.folder, "knotd", "-c", str(self.folder / "knot.conf"))
        end = time.monotonic() + 30
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < end, "the name server does not answer"
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            socket.create_connection((ADDRESS, self.port), 5).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def values(self) -> dict[str, str]:
        """Settings of a box whose names are proved by this zone."""
        prefix = "READYHOST_TLS__ACME__DNS__"
        credentials = {
            "SERVER": ADDRESS,
            "PORT": str(self.port),
            "NAME": KEY,
            "SECRET": self.secret,
            "ALGORITHM": "HMAC-SHA256",
        }
        return {
            "READYHOST_TLS__ACME__WILDCARD": "true",
            f"{prefix}PLUGIN": "dns-rfc2136",
            f"{prefix}PROPAGATION_SECONDS": "1",
            **{f"{prefix}CREDENTIALS__DNS_RFC2136_{k}": v for k, v in credentials.items()},
        }
