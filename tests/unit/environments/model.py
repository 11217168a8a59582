"""Valid settings with as little as is possible, and what an environment is to a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from roles import app
from roles.core.machine import Machine
from settings import Settings

SECRETS = {
    "app": "0f4c1b7d9e2a4685b3d7c9e1f2a48650",
    "postgres": "7b1f0e4d6c9a4f2e8d3b5a7c9e1f0b24",
    "redis": "c3e5a7194b6d4f8290b1d2f3a4c5e607",
    "backup": "9a2c4e6f8b1d3507a4c6e8f0b2d41637",
}


@dataclass(frozen=True)
class Environment:
    """Settings, the machine they are for, and the release that runs there."""

    name: str
    settings: Settings
    machine: Machine
    release: app.Release


def settings(**values: Any) -> Settings:
    """Valid settings with as little as is possible; `values` are laid over them, table by table."""
    least: dict[str, Any] = {
        "domain": "shop.example",
        "app": {"repository": "/srv/git/shop.git", "secret_key": SECRETS["app"]},
        "postgres": {"password": SECRETS["postgres"]},
        "redis": {"password": SECRETS["redis"]},
        "backup": {"passphrase": SECRETS["backup"]},
    }
    for key, value in values.items():
        least[key] = {**least.get(key, {}), **value} if isinstance(value, dict) else value
    return Settings(**least)
