"""The most that a host can be: each setting that changes a file is set."""

from __future__ import annotations

from roles import app
from roles.core.machine import Machine

from .model import Environment, settings

LARGE = Environment(
    "large",
    settings(
        environment="staging",
        aliases=["www.shop.example", "shop.test"],
        app={
            "name": "shop",
            "static": "public/static",
            "env": {"FEATURE": 'a "quoted" value with $dollar and % percent'},
            "secrets": {"STRIPE_KEY": "sk_test_'quote\"and\\backslash$"},
            "names": {
                "DATABASE_URL": "{database.url:postgresql+asyncpg}",
                "Redis_Url": "redis://:{redis.password:url}@{redis.host}:{redis.port}/0",
                "DIRECT_URL": "{database.direct.url:postgres}",
                "ALLOWED_HOSTS": "{domains}",
            },
            "sentry_dsn": "https://key@sentry.example/1",
            "web": {"listen": "port", "instances": 8, "memory_max_mb": 768, "env": {"ROLE": "web"}},
            "workers": {"mail": {"command": "node mail.js", "instances": 2}},
            "jobs": {
                "report": {"command": "node report.js", "schedule": "hourly", "spread_seconds": 60}
            },
            "release_steps": ["npm run migrate"],
            "node": {"source": "distribution"},
            "build": {"steps": ["npm ci", "npm run build"], "packages": ["libpq-dev"]},
        },
        postgres={
            "listen": ["192.0.2.10", "2001:db8::10"],
            "allow": ["192.0.2.0/24", "2001:db8::/32"],
            "databases": {"reports": {"owner": "analyst", "extensions": ["pg_trgm"]}},
            "roles": {
                "analyst": {"password": "5d2e8f1a7c3b4960", "databases": ["reports", "app"]},
                "readers": {"member_of": ["pg_read_all_data"]},
            },
            "extensions": ["pg_stat_statements", "postgis"],
            "extension_packages": ["postgresql-{version}-postgis-3"],
            "storage": "nvme",
            "max_connections": 300,
        },
        pgbouncer={
            "pool_mode": "transaction",
            "pool_size": 100,
            "listen": ["192.0.2.10"],
            "allow": ["192.0.2.0/24"],
        },
        redis={"maxmemory_mb": 4096, "appendfsync": "always", "allow_commands": ["flushdb"]},
        nginx={
            "clients": 10000,
            "workers": 8,
            "docs_open": True,
            "cors_origins": ["https://admin.shop.example"],
            "redirect_aliases": False,
            "trusted_proxies": ["192.0.2.0/24"],
            "maintenance_allow": ["192.0.2.7/32"],
            "log_queries": True,
            "limits": {"unlimited": ["192.0.2.8/32"], "per_minute": 600},
            "headers": {"hsts_subdomains": True, "hsts_preload": True},
            "cache": {"enabled": True},
        },
        tls={
            "certificate": "provided",
            "certificate_file": "tls/fullchain.pem",
            "key_file": "tls/privkey.pem",
            "profile": "modern",
        },
        firewall={
            "allow": [
                {"port": 8443},
                {"port": 51820, "protocol": "udp", "sources": ["192.0.2.0/24"]},
            ],
            "ssh_sources": ["192.0.2.0/24", "2001:db8::/32"],
        },
        ssh={"user": "deploy"},
        hardening={"audit": True},
        bans={"ignore": ["192.0.2.0/24", "2001:db8::/32"], "duration_seconds": 3600},
        sshd={"groups": ["ssh-login", "staff"], "users": ["backup"], "tcp_forwarding": True},
        logs={
            "keep": 30,
            "days": 90,
            "journal_mb": 4096,
            "forward": {
                "host": "logs.example.com",
                "ca_file": "logs/ca.pem",
                "certificate_file": "logs/shop-1.pem",
                "key_file": "logs/shop-1.key",
            },
        },
        backup={
            "offsite": {
                "bucket": "shop-backup",
                "endpoint": "s3.storage.example",
                "region": "eu-central-1",
                "ca_file": "/etc/ssl/storage.pem",
                "key": "9K2X7QW4ZB1M8T3RPLVA",
                "secret": "u7/Gq+2kX9vTz4Lw1Rb8YpNc5Hd3Sf6Jm0Ae",
            },
            "mirror": {
                "host": "backup.example.com",
                "port": 2222,
                "path": "shop",
                "host_key": "ssh-ed25519 " + "A" * 68,
            },
            "pull": {"key": "ssh-ed25519 " + "B" * 68, "address": "198.51.100.7"},
            "paths": ["/srv/reports"],
            "redis": True,
            "keep_days": 90,
        },
        base={
            "timezone": "Europe/Berlin",
            "locale": "en_US.UTF-8",
            "hostname": "shop-1",
            "admins": {"alice": ["ssh-ed25519 " + "A" * 68 + " alice@example.com"]},
            "packages": ["htop"],
            "connections": 10000,
            "ntp_servers": ["ntp1.example.com", "192.0.2.123"],
            "reboot_after_upgrades": True,
        },
    ),
    Machine.example(
        "trixie",
        cores=16,
        memory_mb=65536,
        ssh_ports=(22, 2222),
        told=("rsa-bits 4096", "client 192.0.2.5"),
    ),
    app.Release.example("node"),
)
