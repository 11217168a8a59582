"""A host of an application that is only files."""

from __future__ import annotations

from dataclasses import replace

from roles import app
from roles.core.machine import Machine

from .model import Environment, settings

STATIC = Environment(
    "static",
    settings(
        app={
            "name": "site",
            "kind": "static",
            "builds": {"pages": {"kind": "command", "output": "dist", "steps": ["./build"]}},
            "mounts": [
                {"build": "pages"},
                {"url": "/app/", "folder": "dist/app", "fallback": "index.html"},
            ],
        },
        monitoring={
            "mode": "remote",
            "scraped_from": ["192.0.2.20/32", "2001:db8::20/128"],
            "scraped_ca_file": "inventories/prometheus-ca.pem",
        },
    ),
    Machine.example("noble", cores=2, memory_mb=2048),
    replace(app.Release.example(), procfile="", files=frozenset({"build"})),
)
