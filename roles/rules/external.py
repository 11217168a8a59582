"""What services elsewhere, or none, demand of an environment's settings and of a host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from roles.app import names
from roles.app.placed import Placed
from roles.core.environment import Conflict
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.external import authorities as files
from roles.external import urls
from roles.external.sources import databases, pooled

from .known import known

if TYPE_CHECKING:
    from settings import Settings

RELEASES = 2  # that run beside each other during a switch


def key(view: Settings, name: str) -> str:
    """A key of an application's view, as the user writes it."""
    app = view.app
    if app.alone:
        return name
    if name.startswith("postgres."):
        return f"apps.{app.name}.database.{name.removeprefix('postgres.')}"
    return f"apps.{app.name}.{name.removeprefix('app.')}"


def has_address(settings: Settings) -> Iterator[Conflict]:
    """What is external has an address, and what has one is external."""
    for view in settings.applications:
        for table, where, part in (
            ("postgres", view.app.database, view.postgres.external),
            ("redis", view.app.cache, view.redis.external),
        ):
            url, source = key(view, f"{table}.external.url"), key(view, f"{table}.source")
            if where == "external" and not part.url:
                variable = f"READYHOST_{url.upper().replace('.', '__')}"
                yield Conflict((url, source), f"{source} is external: {variable} says where it is")
            if where != "external" and part.url:
                yield Conflict((source, url), f"is {where}, but {url} is set")


def authorities_are_there(settings: Settings) -> Iterator[Conflict]:
    """Each authority's file can be read."""
    settings_of = {
        files.DATABASE: "postgres.external.ca_file",
        files.REDIS: "redis.external.ca_file",
        files.MONGODB: "app.mongodb.ca_file",
        files.STORAGE: "app.storage.ca_file",
    }
    for view in settings.applications:
        for what, path in files.sources(view).items():
            try:
                _ = path and files.read(path)
            except ValueError as error:
                yield Conflict((key(view, settings_of[what]),), str(error))


def gives_enough(settings: Settings) -> Iterator[Conflict]:
    """What a provider gives is enough for the pool: PgBouncer's, or that of two releases."""
    for view in settings.applications:
        external = view.postgres.external
        if view.app.database != "external" or external.connections is None:
            continue
        wanted, why = needed(view)
        if wanted > external.connections:
            first = "pgbouncer.pool_size" if external.pooled else key(view, "app.database_pool")
            given = key(view, "postgres.external.connections")
            yield Conflict(
                (first, given), f"{why} are {wanted}, but {given} is {external.connections}"
            )


def needed(view: Settings) -> tuple[int, str]:
    """Connections to a database elsewhere that a view takes at most, and of what they are."""
    if view.postgres.external.pooled:
        return view.pgbouncer.pool_size, "PgBouncer's connections (pgbouncer.pool_size)"
    pool = view.app.database_pool
    return RELEASES * pool, f"{pool} connections of each of two releases"


def pooled_apart(settings: Settings) -> Iterator[Conflict]:
    """PgBouncer tells users and databases apart by their names, and knows authorities as one."""
    views = pooled(settings)
    if any(not view.postgres.external.url for view in views):
        return
    local = databases(settings)
    users = {user for view in local for user in (view.postgres.user, f"{view.postgres.user}_b")}
    users |= {*settings.postgres.roles, "pgbouncer", "postgres"} if local else {"pgbouncer"}
    names_of = {view.postgres.database for view in local} | {*settings.postgres.databases}
    for view in views:
        url = view.postgres.external.url
        straight = f"; set {key(view, 'postgres.external.pooled')} = false"
        user = urls.database(url).user if url else ""
        if user in users:
            what = f"the host's PgBouncer knows another user {user!r} already{straight}"
            yield Conflict((key(view, "postgres.external.url"),), what)
        if view.app.name in names_of:
            what = f"the host has a database {view.app.name!r} already{straight}"
            yield Conflict((key(view, "postgres.external.url"),), what)
        users.add(user)
    own = [view for view in views if view.postgres.external.ca_file]
    if own and len(own) < len(views):
        keys = tuple(key(view, "postgres.external.ca_file") for view in own)
        yield Conflict(keys, "PgBouncer knows one set of authorities: all have a ca_file, or none")


def names_are_given(settings: Settings) -> Iterator[Conflict]:
    """What app.names speaks of is there."""
    for view in settings.applications:
        postgres, redis = view.postgres.external.url, view.redis.external.url
        missing = (view.app.database == "external" and not postgres) or (
            view.app.cache == "external" and not redis
        )
        values = {} if missing else known(view)
        for name, text in view.app.names.items():
            if values and (wrong := names.unknown(text, values)):
                what = ", ".join(f"{{{each}}}" for each in wrong)
                yield Conflict(
                    (key(view, f"app.names.{name}"),),
                    f"{what}: this application has none; see source, mongodb and storage",
                )


def clients_fit(
    settings: Settings, machine: Machine, releases: Mapping[str, Placed]
) -> Iterator[str]:
    """Redis and MongoDB elsewhere give what the processes of two releases may open."""
    for view in settings.applications:
        try:
            count = releases[view.app.name].layout.processes
        except OperatorError:
            continue  # processes_fit says why
        mongodb, redis = view.app.mongodb, view.redis.external
        limits = []
        if mongodb.uri:
            limits.append(("app.mongodb.pool", mongodb.pool, "app.mongodb.connections",
                           mongodb.connections))  # fmt: skip
        if view.app.cache == "external":
            limits.append(("app.redis_pool", view.app.redis_pool, "redis.external.clients",
                           redis.clients))  # fmt: skip
        for pool, size, limit, most in limits:
            wanted = RELEASES * count * size
            if wanted > most:
                yield (
                    f"{key(view, limit)}: {count} processes with {size} connections each"
                    f" ({key(view, pool)}) may open {wanted} while a release is switched, but it is"
                    f" {most}"
                )
