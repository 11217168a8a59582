"""A host behind a CDN, with several kinds of processes and its uploads in a bucket."""

from __future__ import annotations

from dataclasses import replace

from roles import app
from roles.core.machine import Machine

from .model import Environment, settings

ROUTED = Environment(
    "routed",
    settings(
        aliases=["admin.shop.example", "www.shop.example"],
        app={
            "builds": {"front": {"directory": "front"}, "pages": {"directory": "p", "output": "d"}},
            "http": {
                "front": {
                    "paths": ["/"],
                    "build": "front",
                    "command": "node server.js",
                    "listen": "port",
                    "timeout_seconds": 20,
                },
                "admin": {"hosts": ["admin.shop.example"], "timeout_seconds": 90},
                "ws": {"paths": ["/api/ws"], "instances": 1, "health": {"path": "/up"}},
            },
            "mounts": [{"url": "/help/", "build": "pages", "cdn_seconds": 300}],
            "bucket": {"url": "https://s3.storage.example/shop-uploads"},
        },
        nginx={
            "trusted_proxies": ["192.0.2.0/24"],
            "origin": {
                "only_proxies": True,
                "secret": "c1e0a9f4b7d24c33a8d2f1e6b5a49788",
                "allow": ["198.51.100.7/32"],
            },
        },
    ),
    Machine.example("noble", cores=4, memory_mb=8192),
    replace(
        app.Release.example(),
        procfile="web: uvicorn app:app --uds $SOCKET\n"
        "admin: uvicorn admin:app --uds $SOCKET\nws: uvicorn ws:app --uds $SOCKET\n",
        parts={"front": app.Release.example("node"), "pages": app.Release.example("node")},
    ),
)
