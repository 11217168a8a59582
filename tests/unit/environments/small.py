"""The least that a host can be, and the usual one."""

from __future__ import annotations

from roles import app
from roles.core.machine import Machine

from .model import Environment, settings

MINIMAL = Environment(
    "minimal",
    settings(),
    Machine.example("jammy", cores=1, memory_mb=1024),
    app.Release.example("python"),
)

STANDARD = Environment(
    "standard",
    settings(
        aliases=["www.shop.example"],
        app={"name": "shop", "static": "static"},
        tls={"certificate": "acme", "acme": {"email": "admin@shop.example"}},
        alerts={
            "enabled": True,
            "mail": {"to": ["ops@shop.example"], "sender": "a@shop.example", "host": "127.0.0.1"},
            "heartbeat_url": "https://beats.example/monitoring/{host}",
            "host_heartbeat_url": "https://beats.example/host/{host}",
        },
        monitoring={"mode": "auto", "routes": ["/api/orders", "/api"]},
    ),
    Machine.example("jammy", cores=2, memory_mb=4096, told=("rsa-bits 3072",)),
    app.Release.example("python"),
)
