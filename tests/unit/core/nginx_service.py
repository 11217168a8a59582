"""A service as a role describes one, for the tests of what is decided and done about it."""

from __future__ import annotations

from roles.core.entries import File
from roles.core.service import Service

CONF = File("/etc/nginx/nginx.conf", "worker_processes auto;")
LIMITS = File("/etc/systemd/system/nginx.service.d/limits.conf", "[Service]\nLimitNOFILE=20000")
NGINX = Service(
    "nginx",
    configuration=[CONF, LIMITS],
    restart_paths=["/etc/systemd/*"],
    reload="systemctl reload nginx",
    probe="curl -s localhost",
)
