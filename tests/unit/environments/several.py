"""Two applications on one host, which share everything of it."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from roles import app
from roles.core.machine import Machine
from roles.core.plan import Plan
from roles.plan import plan
from settings import Settings

from .model import SECRETS

MACHINE = Machine.example("jammy", cores=2, memory_mb=4096)
RELEASES = {"shop": app.Release.example("python"), "blog": app.Release.example("node")}
SHOP: dict[str, Any] = {
    "repository": "/srv/git/shop.git",
    "secret_key": "shop-secret-0f4c1b7d9e2a4685b3",
    "domain": "shop.example",
    "aliases": ["www.shop.example"],
    "share_percent": 60,
    "static": "static",
    "database": {"password": "shop-data-7b1f0e4d6c9a4f2e8d3b"},
    "redis": {"password": "shop-keys-c3e5a7194b6d4f8290b1"},
}
BLOG: dict[str, Any] = {
    "repository": "/srv/git/blog.git",
    "secret_key": "blog-secret-9a2c4e6f8b1d3507a4",
    "domain": "blog.example",
    "database": {"password": "blog-data-2d41637c6e8f0b9a1c33"},
    "redis": {"password": "blog-keys-5b3d7c9e1f2a486500f4"},
}


def several(
    shop: dict[str, Any] | None = None, blog: dict[str, Any] | None = None, **values: Any
) -> Settings:
    """Valid settings of two applications; `shop`, `blog` are laid over theirs, `values` beside."""
    least: dict[str, Any] = {
        "hosts": ["203.0.113.7"],
        "apps": {"shop": {**SHOP, **(shop or {})}, "blog": {**BLOG, **(blog or {})}},
        "backup": {"passphrase": SECRETS["backup"]},
    }
    return Settings(**{**least, **values})


def plan_of_several(settings: Settings | None = None, machine: Machine = MACHINE) -> Plan:
    """What their host becomes."""
    chosen = settings or several()
    with patch("roles.app.role.operator", return_value="tester"):
        return plan(chosen, machine, {name: RELEASES[name] for name in chosen.apps})
