"""Who uses the database besides the application: roles and databases."""

from __future__ import annotations

from pydantic import Field

from roles.core.model import Secret, Section

from ..names import DatabaseName, Extension, RoleName


class Role(Section):
    """A further role that logs in with its own password, or a group without one."""

    password: Secret | None = Field(
        None, description="Password. A role without one is a group that can't log in. Secret."
    )
    databases: tuple[DatabaseName, ...] = Field(
        (), description="Databases it may connect to. The main one when empty."
    )
    member_of: tuple[str, ...] = Field(
        (), description="Roles whose rights it has, such as pg_monitor or pg_read_all_data."
    )
    connection_limit: int = Field(
        10, ge=1, le=1000, description="Concurrent connections that it may hold."
    )
    statement_timeout_seconds: int | None = Field(
        None,
        ge=0,
        le=86_400,
        description="Statements end after this, seconds; 0 is never, for a role that dumps or"
        " maintains. The application's own limit when not set.",
    )


class Database(Section):
    """A further database."""

    owner: RoleName | None = Field(
        None, description="Role that owns it. The application's role when not set."
    )
    extensions: tuple[Extension, ...] = Field((), description="Extensions installed in it.")
    pool_size: int = Field(
        5, ge=1, le=500, description="Server connections PgBouncer may hold for it."
    )
