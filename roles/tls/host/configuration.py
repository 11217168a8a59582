"""What the toolkit wants: certificate.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CertificateError
from .layout import ETC, STORE

FILE = Path(ETC) / "certificate.json"


@dataclass(frozen=True)
class Configuration:
    """The wanted certificate, and how to get it.

    names: what it is for, the domain first. key: kind and size. directory: the authority's URL.
    dns: names are proved by the DNS. probe: they are tried before the authority is asked.
    certbot: the program. ari: it asks the authority when to renew. ca_file: what the directory is
    trusted by, or empty. renew_hours: how often the timer looks. unit: the web server.
    """

    names: tuple[str, ...]
    key: str
    directory: str
    dns: bool
    probe: bool
    certbot: str
    ari: bool
    ca_file: str
    renew_hours: int
    unit: str

    @property
    def lineage(self) -> str:
        """certbot's name for its certificates. Each authority has its own, so that whoever tries
        another one, or staging, has the former certificate back without asking for it."""
        return f"site-{hashlib.sha256(self.directory.encode()).hexdigest()[:12]}"

    @property
    def obtained(self) -> Path:
        """Where certbot keeps the newest certificate of the directory."""
        return Path(STORE) / "live" / self.lineage


def parse(values: Mapping[str, Any]) -> Configuration:
    """What certificate.json says."""
    return Configuration(**{**values, "names": tuple(values["names"])})


def load(file: Path = FILE) -> Configuration:
    """What the toolkit wants. Raises CertificateError when it wants none."""
    try:
        return parse(json.loads(file.read_text()))
    except FileNotFoundError:
        raise CertificateError("no authority is asked for this host's certificate") from None
