"""The application's database, and further ones with their roles."""

from __future__ import annotations

from pydantic import Field, model_validator

from roles.core.model import Secret, Section, section
from roles.external.settings import SOURCE, ExternalDatabase, Source

from ..names import MAX_NAME_BYTES, SECOND, DatabaseName, Extension, Locale, PackageName, RoleName
from .people import Database, Role

# PostgreSQL's own roles that reach beyond the data: programs, files and other servers.
_MORE_THAN_DATA = {
    "pg_execute_server_program",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_create_subscription",
}


class Content(Section):
    """What the server holds, and for whom."""

    source: Source | None = Field(None, description=f"Where the database is. {SOURCE}")
    external: ExternalDatabase = section("The database of source external.")
    password: Secret = Field(
        description="Password of the application's database role. Secret. For source local."
    )
    user: RoleName = Field(
        "app", description="Name of the application's role, which owns its database."
    )
    database: DatabaseName = Field("app", description="Name of the application's database.")
    extensions: tuple[Extension, ...] = Field(
        ("pg_stat_statements",),
        description="Extensions installed in the application's database, in its schema extensions."
        " Its role may make no other, so all that its migrations ask for are named here.",
    )
    extension_packages: tuple[PackageName, ...] = Field(
        (),
        description="Packages that bring further extensions; {version} is PostgreSQL's, such as"
        " postgresql-{version}-postgis-3.",
    )
    databases: dict[DatabaseName, Database] = Field({}, description="Further databases, by name.")
    roles: dict[RoleName, Role] = Field({}, description="Further roles, by name.")
    start_empty: DatabaseName | None = Field(
        None,
        description="A database that this run may begin anew though it had tables, as the refusal"
        " names it. For --data only.",
    )
    locale: Locale = Field(
        "C.UTF-8",
        description="Collation and character type of new databases. C.UTF-8 sorts by code point,"
        " fast, and no upgrade of the C library can break an index on text.",
    )

    @model_validator(mode="after")
    def _names_known(self) -> Content:
        roles, databases = {self.user, *self.roles}, {self.database, *self.databases}
        if self.user in self.roles:
            raise ValueError(f"roles: {self.user} is the application's role already")
        if f"{self.user}{SECOND}" in self.roles:
            raise ValueError(f"roles: {self.user}{SECOND} is the application's role too")
        if len(f"{self.user}{SECOND}".encode()) > MAX_NAME_BYTES:
            raise ValueError(f"user: must have at most {MAX_NAME_BYTES - len(SECOND)} bytes")
        if self.database in self.databases:
            raise ValueError(f"databases: {self.database} is the application's database already")
        for name, database in self.databases.items():
            if database.owner not in {None, *roles}:
                raise ValueError(f"databases.{name}.owner: {database.owner} is none of the roles")
        for name, role in self.roles.items():
            for wanted in sorted(set(role.databases) - databases):
                raise ValueError(f"roles.{name}.databases: {wanted} is none of the databases")
            for group in sorted(set(role.member_of) - (roles - {name})):
                if group in _MORE_THAN_DATA:
                    raise ValueError(
                        f"roles.{name}.member_of: {group} gives the rights of the system's user"
                        " postgres; take pg_read_all_data, pg_write_all_data or pg_monitor"
                    )
                if not group.startswith("pg_"):
                    raise ValueError(f"roles.{name}.member_of: {group} is no other role")
        return self
