"""How Prometheus on a host sends what it measures to a server elsewhere: files, and the try before
a change. Pure, but for the operator's own files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from roles.core.entries import File
from roles.core.host.network import METADATA
from roles.core.peer import Peer

from .receiver import RemoteWrite
from .settings import Monitoring

PROJECT = Path(__file__).resolve().parents[2]
BASE = "/etc/prometheus/remote-write"
SECRET, AUTHORITY = f"{BASE}.secret", f"{BASE}.ca.pem"
CERTIFICATE, KEY = f"{BASE}.pem", f"{BASE}.key"
SETTINGS = f"{BASE}.json"
FILES = (SETTINGS, SECRET, AUTHORITY, CERTIFICATE, KEY)
OF = "monitoring.remote_write"

SAME = f"""said=$(cat) now=$(cat {" ".join(FILES)} 2>/dev/null | sha256sum | cut -c -64)
if [ "$said" = "$now" ]; then echo same; fi"""
"""Shell that reads what `digest` gives, and says whether the host has just that."""


@dataclass(frozen=True)
class Sent:
    """Where to, and what the host needs for it."""

    to: RemoteWrite
    environment: str
    peer: Peer = field(default_factory=Peer)

    @property
    def url(self) -> str:
        return self.to.url or ""

    @property
    def labels(self) -> dict[str, str]:
        """Labels that each series gets there; `host` is the host's to fill in."""
        return {"environment": self.environment, **self.to.labels}

    @property
    def secret(self) -> str:
        """Password or token; empty where there is none."""
        given = self.to.password or self.to.token
        return given.get_secret_value() if given else ""

    @property
    def names(self) -> str:
        """A regular expression of the names that are sent; empty for all."""
        return "|".join(name.replace("*", ".*") for name in self.to.series)

    @property
    def network(self) -> tuple[str, str]:
        """IPAddressAllow and IPAddressDeny: what tells a cloud's secrets stays out of reach; where
        an address is given and no name, all else does."""
        try:
            address = ip_address(urlsplit(self.url).hostname or "")
        except ValueError:
            return "localhost", " ".join(METADATA)
        return f"localhost {address}", "any"


def sent(settings: Monitoring, environment: str) -> Sent | None:
    """What is sent; None for nothing. Raises OperatorError for a file that can't be used."""
    to = settings.remote_write
    if not to.url or settings.mode != "local":
        return None
    peer = Peer()
    if to.ca_file or to.certificate_file:
        from roles.core.peer_files import read  # X.509, which takes long to import

        peer = read(to, PROJECT, OF)
    return Sent(to, environment, peer)


def files(wanted: Sent) -> list[File]:
    """For Prometheus alone to read, but for the authority, which everybody may."""
    said = {"url": wanted.url, "user": wanted.to.user, "labels": wanted.labels}
    found = [
        # Nobody reads it but who asks whether anything of it has changed.
        File(SETTINGS, json.dumps(said, sort_keys=True) + "\n", mode=0o600),
        _private(SECRET, wanted.secret),
        File(AUTHORITY, wanted.peer.authority),
        File(CERTIFICATE, wanted.peer.certificate),
        _private(KEY, wanted.peer.key.get_secret_value()),
    ]
    return [file for file in found if file.content]


def _private(path: str, text: str) -> File:
    return File(path, text, mode=0o640, group="prometheus", secret=True)


def digest(wanted: Sent) -> str:
    """Of all its files. It is for the host alone: a secret is among what it is made of."""
    return hashlib.sha256(b"".join(file.data for file in files(wanted))).hexdigest()


def wish(wanted: Sent) -> dict[str, Any]:
    """What is tried from a host before its first change: that one value is taken."""
    return {
        "kind": "remote_write",
        "key_of": OF,
        "url": wanted.url,
        "user": wanted.to.user or "",
        "secret": wanted.secret,
        "authorities": wanted.peer.authority,
        "certificate": wanted.peer.certificate,
        "private": wanted.peer.key.get_secret_value(),
        "labels": wanted.labels,
        "hidden": [text for text in (wanted.secret,) if text],
    }
