"""Three environments that every template is rendered for: the least, the usual, the most."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from roles import (
    app,
    backup,
    bans,
    base,
    firewall,
    hardening,
    logs,
    nginx,
    pgbouncer,
    postgres,
    redis,
    ssh,
    tls,
)
from roles.core.entries import Entry
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


MINIMAL = Environment(
    "minimal",
    settings(),
    Machine.example("bullseye", cores=1, memory_mb=1024),
    app.Release.example("python"),
)

STANDARD = Environment(
    "standard",
    settings(
        aliases=["www.shop.example"],
        app={"name": "shop", "static": "static"},
        tls={"certificate": "acme", "acme": {"email": "admin@shop.example"}},
    ),
    Machine.example("jammy", cores=2, memory_mb=4096),
    app.Release.example("python"),
)

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
            "sentry_dsn": "https://key@sentry.example/1",
            "web": {"listen": "port", "instances": 8, "memory_max": 768, "env": {"ROLE": "web"}},
            "workers": {"mail": {"command": "node mail.js", "instances": 2}},
            "jobs": {"report": {"command": "node report.js", "schedule": "hourly", "spread": 60}},
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
            "certificate": "given",
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
        bans={"ignore": ["192.0.2.0/24", "2001:db8::/32"], "duration": 3600},
        sshd={"groups": ["ssh-login", "staff"], "users": ["backup"], "tcp_forwarding": True},
        logs={"keep": 30, "days": 90, "journal_mb": 4096},
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
    Machine.example("trixie", cores=16, memory_mb=65536, ssh_ports=(22, 2222)),
    app.Release.example("node"),
)

ENVIRONMENTS = (MINIMAL, STANDARD, LARGE)


def site(of: Environment) -> nginx.Site:
    """What Nginx serves in an environment."""
    application = of.settings.app
    static = app.static(application)
    return nginx.Site(
        name=application.name,
        domain=of.settings.domain,
        aliases=of.settings.aliases,
        sockets=tuple(app.sockets(application, of.machine, of.release)),
        static=(("/static/", static),) if static else (),
        uploads=app.uploads(application),
        health=application.health.path,
        transport=tls.transport(of.settings.tls),
    )


def _app(of: Environment) -> list[Entry]:
    return app.entries(
        of.settings.app,
        of.machine,
        of.release,
        domain=of.settings.domain,
        environment=of.settings.environment,
        database_url=pgbouncer.url(of.settings.pgbouncer, of.settings.postgres),
        migration_url=postgres.url(of.settings.postgres),
        redis_url=redis.url(of.settings.redis),
    )


def _backup(of: Environment) -> list[Entry]:
    database = of.settings.postgres
    kept = backup.Kept(
        app=of.settings.app.name,
        uploads=app.uploads(of.settings.app),
        cluster=postgres.cluster(database, of.machine),
        port=database.port,
        databases=(database.database, *database.databases),
        redis_port=of.settings.redis.port,
    )
    return backup.entries(of.settings.backup, of.machine, kept)


def _tls(of: Environment) -> list[Entry]:
    given = tls.Given("THE CERTIFICATE\n", SecretStr("ITS KEY\n"))
    found = tls.entries(of.settings.tls, given if of.settings.tls.certificate == "given" else None)
    if of.settings.tls.certificate == "acme":
        names = (of.settings.domain, *of.settings.aliases)
        found += tls.definition.entries(of.settings.tls.acme, names)
    return found


ROLES: dict[str, Callable[[Environment], list[Entry]]] = {
    "app": _app,
    "backup": _backup,
    "bans": lambda of: bans.entries(of.settings.bans, of.machine, of.settings.firewall.web_ports),
    "base": lambda of: base.entries(of.settings.base, of.machine),
    "firewall": lambda of: firewall.entries(of.settings.firewall, of.machine),
    "hardening": lambda of: hardening.entries(of.settings.hardening, of.machine),
    "logs": lambda of: logs.entries(of.settings.logs, of.machine, of.settings.app.name),
    "nginx": lambda of: nginx.entries(of.settings.nginx, of.machine, site(of)),
    "pgbouncer": lambda of: pgbouncer.entries(
        of.settings.pgbouncer, of.machine, of.settings.postgres
    ),
    "postgres": lambda of: postgres.entries(of.settings.postgres, of.machine),
    "redis": lambda of: redis.entries(of.settings.redis, of.machine),
    "ssh": lambda of: ssh.entries(
        of.settings.sshd, of.machine, user=of.settings.ssh.user, rsa=of is not MINIMAL
    ),
    "tls": _tls,
}
"""Each role's entries in an environment."""
