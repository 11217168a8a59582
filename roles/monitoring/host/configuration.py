"""What the toolkit wrote for this program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path("/etc/readyhost/monitoring/facts.json")
STATE = Path("/var/lib/readyhost/monitoring/facts.json")
TARGET = Path("/var/lib/prometheus/node-exporter/readyhost.prom")


@dataclass(frozen=True)
class Configuration:
    """apps: names of the applications; certificates: folders of the certificates in use, by domain;
    ports of the database and of its pooler; session: what a superuser's session begins with."""

    apps: tuple[str, ...]
    certificates: dict[str, str]
    postgres_port: int
    pgbouncer_port: int
    session: str = ""


def load(file: Path = FILE) -> Configuration:
    """What the toolkit's last run wrote."""
    values = json.loads(file.read_text())
    return Configuration(**{**values, "apps": tuple(values["apps"])})
