"""Names, ports and places that monitoring has on a host."""

from __future__ import annotations

ETC = "/etc/readyhost/monitoring"
STATE = "/var/lib/readyhost/monitoring"
"""There as long as a host is monitored, and until what that takes is gone again."""
REMOTE = f"{STATE}/remote"
"""There while a Prometheus elsewhere asks, and none is here."""
UNITS = "/etc/systemd/system"
TEXTFILES = "/var/lib/prometheus/node-exporter"
"""Where node-exporter reads files; root's alone to write, the backups' among them."""
FACTS = f"{TEXTFILES}/readyhost.prom"
RULES = "/etc/prometheus/rules"
CONFIGURATION = "/etc/prometheus/prometheus.yml"
PROBES = "/etc/prometheus/readyhost-blackbox.yml"
REQUESTS = "/etc/mtail/readyhost.mtail"
QUERIES = "/etc/prometheus/readyhost-postgres.yml"
REDIS_SECRET = f"{ETC}/redis-password"

DATABASE_ROLE = "metrics-postgres"
"""As the system's user: it logs in as who it is, without a password."""
REDIS_USER = "metrics"

PROMETHEUS_PORT = 9090
STATUS_PORT = 9145
ALERTMANAGER_PORT = 9093
ALERTMANAGER_PASSWORD = "/etc/prometheus/alertmanager.password"  # noqa: S105 - where it is
