"""Every file of the role: the application's accounts and folders, the program that releases it,
and the definition of the wanted release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from roles.core.entries import Directory, Entry, File, digest
from roles.core.machine import Machine
from roles.core.templates import render

from . import units
from .builds import build
from .environment import variables
from .formation import Formation, form
from .host.layout import SLOTS, Layout
from .host.user import SLICE
from .releases import Release
from .settings import App

PROGRAM = "/usr/local/lib/readyhost/release"
SOURCES = Path(__file__).with_name("host")


def entries(
    settings: App,
    machine: Machine,
    release: Release,
    *,
    domain: str,
    environment: str,
    database_url: SecretStr,
    migration_url: SecretStr,
    redis_url: SecretStr,
) -> list[Entry]:
    """All files. domain: Host header of health checks; environment: `production`, `staging`, …;
    migration_url: for the release steps alone, a way to the database past its pooler.

    Raises OperatorError for a release that cannot run on `machine`.
    """
    formation = form(settings, machine, release)
    layout = Layout(settings.name)
    urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    env = _environment(settings, release, formation, {"DOMAIN": domain, **urls}, environment)
    slots = units.units(settings, machine, formation)
    values = _definition(settings, machine, release, formation, [env, *slots])
    values["health"]["host"] = domain
    values["release_steps"] = len(formation.release_steps)
    definition = json.dumps(values, indent=1) + "\n"
    return [
        *_host(settings, machine),
        *_program(),
        Directory(str(layout.etc), 0o700),
        Directory(str(layout.next), 0o700),
        Directory(f"{layout.next}/units", 0o700),
        *(Directory(f"{layout.next}/units/{slot}", 0o700) for slot in SLOTS),
        env,
        _variables(settings, "release-env", {"MIGRATION_DATABASE_URL": migration_url}),
        *slots,
        File(f"{layout.next}/release.json", definition, mode=0o600),
    ]


def identity(files: list[Entry]) -> str:
    """What tells two configurations of a release apart, from all its entries."""
    for entry in files:
        if isinstance(entry, File) and entry.path.endswith("/next/release.json"):
            return str(json.loads(entry.data)["identity"])
    raise ValueError("there is no release definition among the entries")


def _host(settings: App, machine: Machine) -> list[Entry]:
    name = settings.name
    memory_mb = machine.memory_mb * settings.memory_share // 100

    def file(path: str, template: str, mode: int = 0o644) -> File:
        return render(
            "app", path, template=f"app{template}.j2", mode=mode, app=name, memory_mb=memory_mb
        )

    return [
        file(f"/etc/sysusers.d/{name}.conf", "/etc/sysusers.d/app.conf"),
        file(f"/etc/tmpfiles.d/{name}.conf", "/etc/tmpfiles.d/app.conf"),
        file(f"/etc/systemd/system/{name}.target", "/etc/systemd/system/app.target"),
        file(f"/etc/systemd/system/{name}.slice", "/etc/systemd/system/app.slice"),
        file(f"/etc/systemd/system/{SLICE}", f"/etc/systemd/system/{SLICE}"),
        file(f"/usr/local/sbin/{name}-release", "/usr/local/sbin/app-release", 0o755),
    ]


def _program() -> list[Entry]:
    sources = sorted(SOURCES.glob("*.py"))
    modules = [File(f"{PROGRAM}/{path.name}", path.read_bytes()) for path in sources]
    return [Directory("/usr/local/lib/readyhost"), Directory(PROGRAM), *modules]


def _environment(
    settings: App,
    release: Release,
    formation: Formation,
    given: Mapping[str, str | SecretStr],
    stage: str,
) -> File:
    by_kind = {"node": {"NODE_ENV": "production"}, "python": {"PYTHONUNBUFFERED": "1"}}
    values: dict[str, str | int | SecretStr | None] = {
        **given,
        "ENVIRONMENT": stage,
        "RELEASE": release.tag,
        "LOG_LEVEL": settings.log_level,
        "UPLOADS_DIR": str(Layout(settings.name).uploads),
        "SECRET_KEY": settings.secret_key,
        "DATABASE_POOL_SIZE": formation.pool_size,
        "REDIS_POOL_SIZE": settings.redis_pool,
        "CACHE_TTL": settings.cache_ttl,
        "WEB_CONCURRENCY": 1,  # each instance is one process
        "SENTRY_DSN": settings.sentry_dsn,
        "SENTRY_ENVIRONMENT": stage,
        "SENTRY_RELEASE": release.tag,
        **by_kind.get(formation.kind, {}),
        **{name.upper(): value for name, value in settings.env.items()},
        **{name.upper(): value for name, value in settings.secrets.items()},
    }
    return _variables(settings, "env", values)


def _variables(
    settings: App, file: str, values: Mapping[str, str | int | SecretStr | None]
) -> File:
    return render(
        "app",
        f"{Layout(settings.name).next}/{file}",
        template="app/etc/app/next/env.j2",
        mode=0o600,
        name=settings.name,
        variables=variables(values),
    )


def _definition(
    settings: App,
    machine: Machine,
    release: Release,
    formation: Formation,
    started_with: list[File],
) -> dict[str, Any]:
    known = f"{release.tag} {release.commit} {digest(started_with)}"
    python = ".".join(str(part) for part in machine.versions.python)
    return {
        "tag": release.tag,
        "commit": release.commit,
        "identity": hashlib.sha256(known.encode()).hexdigest(),
        "processes": units.web_and_workers(formation),
        "timers": [Layout(settings.name).timer_unit(job.name) for job in formation.jobs],
        "health": settings.health.model_dump(),
        "watch": settings.watch.model_dump(),
        "hooks": settings.hooks.model_dump(),
        "build": build(settings, formation, release.files, python),
        "drain": settings.drain,
        "keep": settings.keep_releases,
    }
