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
from roles.external import urls

from . import egress, http, mounts, names, units
from .builds import build
from .environment import variables
from .host import built
from .host.layout import SLOTS, Layout
from .host.user import SLICE
from .names import Value
from .process_layout import ProcessLayout, lay_out
from .releases import Release
from .settings import App
from .told import told

PROGRAM = "/usr/local/lib/readyhost/release"
SOURCES = Path(__file__).with_name("host")
WEIGHT = 2  # of the CPU's time for a percent; systemd's usual 100 for each of two that are equal


def entries(
    settings: App,
    machine: Machine,
    release: Release,
    *,
    environment: str,
    values: Mapping[str, Value],
) -> list[Entry]:
    """All files. environment: `production`, `staging`, …; values: those of `names.KEYS` that
    others know: the site's domain (the Host header of health checks), database and Redis.

    Raises OperatorError for a release that cannot run on `machine`.
    """
    process_layout = lay_out(settings, machine, release)
    layout = Layout(settings.name)
    known = {**values, **_own(settings, release, environment)}
    env = _environment(settings, release, process_layout, known)
    slots = units.units(settings, machine, process_layout)
    wanted = _definition(settings, machine, release, process_layout, [env, *slots])
    wanted["health"]["host"] = known["domain"]
    for name, each in wanted.get("http", {}).items():
        each["health"] = http.health(settings, name, str(known["domain"]))
    wanted["release_steps"] = len(process_layout.release_steps)
    definition = json.dumps(wanted, indent=1) + "\n"
    return [
        *_host(settings, machine),
        *(program() if settings.alone else ()),
        Directory(str(layout.etc), 0o700),
        Directory(str(layout.next), 0o700),
        Directory(f"{layout.next}/units", 0o700),
        *(Directory(f"{layout.next}/units/{slot}", 0o700) for slot in SLOTS),
        env,
        _release_environment(settings, known),
        _operator_environment(settings, known),
        *slots,
        File(f"{layout.next}/release.json", definition, mode=0o600),
        *([] if settings.alone else [_kept(settings, layout, known)]),
    ]


def _kept(settings: App, layout: Layout, known: Mapping[str, Value]) -> File:
    """What somebody has to know who removes its data, when it is in no settings any more."""
    local = settings.database == "local"
    kept: dict[str, Any] = {"database": known["database.name"] if local else ""}
    kept |= {} if settings.cache == "local" else {"redis": False}
    return File(str(layout.kept), json.dumps(kept) + "\n", 0o600)


def identity(files: list[Entry]) -> tuple[str, str, str]:
    """What tells two configurations of a release apart, what it is built from (JSON), and why
    without a lock file, from all its entries."""
    for entry in files:
        if isinstance(entry, File) and entry.path.endswith("/next/release.json"):
            values = json.loads(entry.data)
            why = str(values["build"]["unlocked"])
            return str(values["identity"]), json.dumps(values["made"]), why
    raise ValueError("there is no release definition among the entries")


def _host(settings: App, machine: Machine) -> list[Entry]:
    name = settings.name
    memory_mb = machine.memory_mb * settings.memory_share_percent // 100

    known: dict[str, Any] = {
        "app": name,
        "memory_mb": memory_mb,
        "hang": settings.health.hang_seconds,
    }
    known["weight"] = 0 if settings.alone else settings.share * WEIGHT
    known["months"] = settings.run.record_months

    def file(path: str, template: str, mode: int = 0o644) -> File:
        return render("app", path, template=f"app{template}.j2", mode=mode, **known)

    units = "/etc/systemd/system"
    watchdog = file(f"{units}/{name}-watchdog.service", f"{units}/app-watchdog.service")
    return [
        watchdog,
        # No process of an application has an underscore in its name, so none has a unit called so.
        *(
            file(f"{units}/{name}_verify.{kind}", f"{units}/app_verify.{kind}")
            for kind in ("service", "timer")
        ),
        file(f"/etc/sysusers.d/{name}.conf", "/etc/sysusers.d/app.conf"),
        file(f"/etc/tmpfiles.d/{name}.conf", "/etc/tmpfiles.d/app.conf"),
        file(f"/etc/systemd/system/{name}.target", "/etc/systemd/system/app.target"),
        file(f"/etc/systemd/system/{name}.slice", "/etc/systemd/system/app.slice"),
        *([build_slice(name)] if settings.alone else []),
        file(f"/etc/logrotate.d/{name}-commands", "/etc/logrotate.d/app-commands"),
        file(f"/usr/local/sbin/{name}-release", "/usr/local/sbin/app-release", 0o755),
        file(f"/usr/local/sbin/{name}-command", "/usr/local/sbin/app-command", 0o755),
    ]


def build_slice(whose: str) -> File:
    """What builds have of the host together."""
    return render("app", f"/etc/systemd/system/{SLICE}", app=whose)


def of_all(settings: App) -> frozenset[str]:
    """Paths that are for all applications of a host, where this is one of several; it may have had
    them for itself before."""
    if settings.alone:
        return frozenset()
    return frozenset(entry.path for entry in (*program(), build_slice(settings.name)))


def program() -> list[Entry]:
    """The program that releases applications, which is told whose release it is."""
    sources = sorted(
        path.relative_to(SOURCES) for kind in ("*.py", "*.json") for path in SOURCES.rglob(kind)
    )
    modules = [File(f"{PROGRAM}/{path}", (SOURCES / path).read_bytes()) for path in sources]
    folders = (Directory("/usr/local/lib/readyhost"), Directory(PROGRAM))
    return [*folders, Directory(f"{PROGRAM}/operate"), *modules]


def _environment(
    settings: App,
    release: Release,
    process_layout: ProcessLayout,
    known: Mapping[str, Value],
) -> File:
    no_database, no_redis = settings.database == "none", settings.cache == "none"
    by_kind = {"node": {"NODE_ENV": "production"}, "python": {"PYTHONUNBUFFERED": "1"}}
    values: dict[str, str | int | SecretStr | None] = {
        "DOMAIN": known["domain"],
        "DATABASE_URL": known.get("database.url"),
        "DATABASE_CA_FILE": known.get("database.ca_file"),
        "REDIS_URL": known.get("redis.url"),
        "REDIS_CA_FILE": known.get("redis.ca_file"),
        "MONGODB_URI": known.get("mongodb.uri"),
        "MONGODB_POOL_SIZE": known.get("mongodb.pool"),
        "ENVIRONMENT": known["environment"],
        "RELEASE": release.tag,
        "LOG_LEVEL": settings.log_level,
        "UPLOADS_DIR": known["uploads"],
        "SECRET_KEY": settings.secret_key,
        "DATABASE_POOL_SIZE": None if no_database else process_layout.pool_size,
        "REDIS_POOL_SIZE": None if no_redis else settings.redis_pool,
        "CACHE_TTL": None if no_redis else settings.cache_ttl_seconds,
        "SENTRY_DSN": settings.sentry_dsn,
        "SENTRY_ENVIRONMENT": known["environment"],
        "SENTRY_RELEASE": release.tag,
        **({} if settings.alone else {"REDIS_PREFIX": known.get("redis.prefix")}),
        **by_kind.get(process_layout.kind, {}),
        **settings.env,
        **settings.secrets,
        **_named(names.of_all(settings.names), known),
    }
    return _variables(settings, "env", values)


def _release_environment(settings: App, known: Mapping[str, Value]) -> File:
    """What release steps get beside the application's environment: ways past the pooler."""
    own = _named(names.of_release_steps(settings.names), known)
    values = {"MIGRATION_DATABASE_URL": known.get("database.direct.url"), **own}
    return _variables(settings, "release-env", values)


def _operator_environment(settings: App, known: Mapping[str, Value]) -> File:
    """With which an operator's psql and redis-cli get in as the application does, past the pooler:
    what a session is told is to last."""
    texts = {
        "PGHOST": "{database.direct.host}",
        "PGPORT": "{database.direct.port}",
        "PGDATABASE": "{database.direct.name}",
        "PGUSER": "{database.direct.user}",
        "PGPASSWORD": "{database.direct.password}",
        "PGAPPNAME": "readyhost",
        "REDIS_HOST": "{redis.host}",
        "REDIS_PORT": "{redis.port}",
        "REDIS_DATABASE": "{redis.database}",
        "REDIS_USER": "{redis.user}",
        "REDISCLI_AUTH": "{redis.password}",
    }
    if settings.database == "external":
        texts |= {"PGSSLMODE": urls.VERIFIED, "PGSSLROOTCERT": "{database.ca_file}"}
    if settings.cache == "external":
        texts["REDIS_CA_FILE"] = "{redis.ca_file}"
    here = {name: text for name, text in texts.items() if not names.unknown(text, known)}
    return _variables(settings, "operator-env", _named(here, known))


def _own(settings: App, release: Release, environment: str) -> dict[str, Value]:
    """The values of `names.KEYS` that the application's own role knows."""
    return {
        "environment": environment,
        "release": release.tag,
        "commit": release.commit,
        "secret_key": settings.secret_key,
        "uploads": str(Layout(settings.name).uploads),
    }


def _named(texts: Mapping[str, str], known: Mapping[str, Value]) -> dict[str, Value]:
    return {name: names.resolve(text, known) for name, text in texts.items()}


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


def _http(settings: App, process_layout: ProcessLayout) -> dict[str, dict[str, Any]]:
    root = http.root(settings)
    return {
        each.name: {"listen": each.listen, "root": each.name == root}
        for each in process_layout.http
    }


def _definition(
    settings: App,
    machine: Machine,
    release: Release,
    process_layout: ProcessLayout,
    started_with: list[File],
) -> dict[str, Any]:
    made, hooks = build(settings, process_layout, release, machine), told(settings.hooks)
    how = built.inputs(made, hooks)
    same = (
        f"{built.identity_of(how)} {digest(started_with)} {settings.static}{mounts.same(settings)}"
    )
    known = f"{release.tag} {release.commit} {same}"
    return {
        "tag": release.tag,
        "commit": release.commit,
        "identity": hashlib.sha256(known.encode()).hexdigest(),
        "made": how,
        "listen": process_layout.listen,
        **({"http": _http(settings, process_layout)} if process_layout.http else {}),
        "processes": units.web_and_workers(process_layout),
        "timers": [Layout(settings.name).timer_unit(job.name) for job in process_layout.jobs],
        "health": told(settings.health),
        "static": settings.static or "",
        **({"mounts": mounts.defined(settings)} if settings.mounts else {}),
        "watch": told(settings.watch),
        "hooks": {
            **hooks,
            "address_deny": egress.rules(None, settings.denied_networks)[1],
            **({} if settings.alone else {"among": True}),
        },
        "build": made,
        "drain": settings.drain_seconds,
        "warm": settings.warm_seconds,
        "keep": settings.keep_releases,
    }
