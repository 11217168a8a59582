"""What an environment says about one of several applications."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from roles.app.settings import Parts
from roles.core.addresses import Domain
from roles.core.model import Secret, Section, section
from roles.external.settings import SOURCE, ExternalDatabase, ExternalRedis, Source
from roles.postgres.names import DatabaseName, Extension, RoleName

# No dash: units of `shop` are called shop-…, and a slice shop-admin would lie inside of shop's. No
# capital and no underscore: variables and the names of second logins have those.
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,19}$")]


class Database(Section):
    """The application's own database, out of reach for the others."""

    source: Source | None = Field(None, description=f"Where it is. {SOURCE}")
    external: ExternalDatabase = section("The database of source external.")
    password: Secret = Field(description="Password of its database role. Secret. For source local.")
    name: DatabaseName | None = Field(
        None, description="Its database. Called as the application when not set."
    )
    user: RoleName | None = Field(
        None, description="Its role, which owns the database. As the application when not set."
    )
    extensions: tuple[Extension, ...] = Field(
        ("pg_stat_statements",), description="Extensions installed in its database."
    )


class Cache(Section):
    """The application's own user of Redis, who sees the keys that begin with `NAME:` alone."""

    source: Source | None = Field(None, description=f"Where it is. {SOURCE}")
    external: ExternalRedis = section("The Redis of source external.")
    password: Secret = Field(description="Password of its Redis user. Secret. For source local.")


class Application(Parts):
    """One of several applications: as `[app]`, with what is its own of everything shared."""

    domain: Domain = Field(
        description="Domain name that it is served at.", examples=["shop.example.com"]
    )
    aliases: tuple[Domain, ...] = Field((), description="Further domain names of it.")
    path: str = Field(
        "",
        pattern=r"^((/[a-z0-9][a-z0-9-]*){1,4})?$",
        examples=["/blog"],
        description="Path of the domain that is this application's, with all below it; another one"
        " has the domain itself. It is asked for the whole path. Empty: all of the domain.",
    )
    share_percent: int | None = Field(
        None,
        ge=1,
        le=99,
        description="Part that it gets of what the applications have together, percent: of the"
        " memory (memory_share_percent), of the connections (pgbouncer.pool_size) and of the"
        " cores. What"
        " the others leave, in equal parts, when not set.",
    )
    database: Database = Field(description="Its database.")
    redis: Cache = Field(description="Its part of Redis.")
