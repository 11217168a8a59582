"""What an environment says about its database."""

from typing import Annotated, Literal

from pydantic import Field, IPvAnyAddress, IPvAnyNetwork, StringConstraints, model_validator

from roles.core.model import Secret, Slice

from .names import DatabaseName, Extension, Locale, PackageName, Path, RoleName, Schedule


class Role(Slice):
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
    statement_timeout: int | None = Field(
        None,
        ge=0,
        le=86_400,
        description="Statements end after this, seconds; 0 is never, for a role that dumps or"
        " maintains. The application's own limit when not set.",
    )


class Database(Slice):
    """A further database."""

    owner: RoleName | None = Field(
        None, description="Role that owns it. The application's role when not set."
    )
    extensions: tuple[Extension, ...] = Field((), description="Extensions installed in it.")
    pool_size: int = Field(
        5, ge=1, le=500, description="Server connections PgBouncer may hold for it."
    )


class Postgres(Slice):
    """The server, its main database and who may use it."""

    password: Secret = Field(description="Password of the application's database role. Secret.")
    user: RoleName = Field(
        "app", description="Name of the application's role, which owns its database."
    )
    database: DatabaseName = Field("app", description="Name of the application's database.")
    extensions: tuple[Extension, ...] = Field(
        ("pg_stat_statements",),
        description="Extensions installed in the application's database.",
    )
    extension_packages: tuple[PackageName, ...] = Field(
        (),
        description="Packages that bring further extensions; {version} is PostgreSQL's, such as"
        " postgresql-{version}-postgis-3.",
    )
    databases: dict[DatabaseName, Database] = Field({}, description="Further databases, by name.")
    roles: dict[RoleName, Role] = Field({}, description="Further roles, by name.")
    locale: Locale = Field(
        "C.UTF-8",
        description="Collation and character type of new databases. C.UTF-8 sorts by code point,"
        " fast, and no upgrade of the C library can break an index on text.",
    )

    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] | None = Field(
        None,
        description="Major version, such as 14. The distribution's when not set; another one is"
        " refused, because no repository but the distribution's is configured.",
    )
    port: int = Field(5432, ge=1024, le=65_535, description="TCP port.")
    listen: tuple[IPvAnyAddress, ...] = Field(
        (), description="Addresses of this host that listen besides localhost."
    )
    allow: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Networks that may connect, with TLS and SCRAM only. None by default."
    )
    tls_certificate: Path = Field(
        "/etc/ssl/certs/ssl-cert-snakeoil.pem",
        description="Certificate shown to other hosts. The package's self-signed one encrypts,"
        " and proves nothing.",
    )
    tls_key: Path = Field(
        "/etc/ssl/private/ssl-cert-snakeoil.key",
        description="Its private key, readable by the group ssl-cert.",
    )

    memory_percent: int = Field(
        50,
        ge=5,
        le=90,
        description="Share of the host's RAM that PostgreSQL is sized for, percent. The rest is the"
        " application's, Redis's and the system's; 80 on a host of its own.",
    )
    storage: Literal["ssd", "nvme", "san", "hdd"] = Field(
        "ssd", description="What the data lies on: decides the planner's costs."
    )
    max_connections: int = Field(
        100,
        ge=20,
        le=2000,
        description="Connections the server accepts. Takes a restart.",
    )
    reserved_connections: int = Field(
        10,
        ge=5,
        le=100,
        description="Of these, connections kept for backup, monitoring, maintenance and people:"
        " PgBouncer's pools must fit into what remains.",
    )
    superuser_connections: int = Field(
        3,
        ge=1,
        le=20,
        description="Of the reserved ones, connections that only a superuser gets.",
    )

    statement_timeout: int = Field(
        60,
        ge=0,
        le=86_400,
        description="Statements of the application and of every further role end after this,"
        " seconds; 0 is never. Superusers have no limit: maintenance and backups take their time.",
    )
    lock_timeout: int = Field(
        10,
        ge=0,
        le=86_400,
        description="Waiting for a lock ends after this, seconds; 0 is never. Less than what a"
        " request may take, so that a migration that waits fails before its queue does.",
    )
    idle_in_transaction_timeout: int = Field(
        60,
        ge=0,
        le=86_400,
        description="A session that leaves its transaction open is ended after this, seconds; 0 is"
        " never. It holds locks and keeps VACUUM from its work.",
    )
    slow_query_ms: int = Field(
        500,
        ge=-1,
        le=3_600_000,
        description="Statements slower than this are logged, milliseconds; -1 is never.",
    )
    log_statements: Literal["none", "ddl", "mod", "all"] = Field(
        "ddl", description="Statements that are logged however fast they are."
    )
    log_temporary_mb: int = Field(
        10, ge=0, le=100_000, description="Sorts that spill more than this to disk are logged, MiB."
    )
    log_autovacuum_seconds: int = Field(
        10, ge=0, le=86_400, description="Automatic vacuums slower than this are logged, seconds."
    )
    statistics_statements: int = Field(
        5000,
        ge=100,
        le=100_000,
        description="Distinct statements that pg_stat_statements remembers. Takes a restart.",
    )

    min_wal_mb: int = Field(
        1024,
        ge=80,
        le=1_048_576,
        description="Write-ahead log kept for reuse, MiB (pgtune, web: 1 GiB).",
    )
    max_wal_mb: int = Field(
        4096,
        ge=160,
        le=1_048_576,
        description="Write-ahead log that forces a checkpoint, MiB (pgtune, web: 4 GiB). Disk space"
        " for twice of it should be free.",
    )
    checkpoint_minutes: int = Field(
        15,
        ge=1,
        le=1440,
        description="Time between checkpoints, minutes. Longer writes less, and recovers longer"
        " after a crash.",
    )
    autovacuum_percent: int = Field(
        5,
        ge=1,
        le=100,
        description="Dead rows of a table that start its vacuum, percent. PostgreSQL's 20 is too"
        " late for a large table.",
    )
    autoanalyze_percent: int = Field(
        2,
        ge=1,
        le=100,
        description="Changed rows of a table that renew its statistics, percent.",
    )
    autovacuum_cost_limit: int = Field(
        1000,
        ge=200,
        le=10_000,
        description="Work that vacuum does between two rests, cost units. PostgreSQL's 200 is from"
        " the days of spinning disks.",
    )

    vacuum_schedule: Schedule = Field(
        "30 3 * * 0",
        description="When all databases are vacuumed and analysed: a cron schedule, host's time.",
    )
    index_schedule: Schedule = Field(
        "30 4 1 * *",
        description="When bloated indexes are rebuilt and sequential scans reported: a cron"
        " schedule, host's time.",
    )
    index_bloat_percent: int = Field(
        30,
        ge=10,
        le=90,
        description="Unused space in an index that gets it rebuilt, percent. A new index has 10.",
    )
    index_min_mb: int = Field(
        1, ge=0, le=1_048_576, description="Indexes smaller than this are left alone, MiB."
    )
    scan_min_mb: int = Field(
        100,
        ge=0,
        le=1_048_576,
        description="Tables larger than this that are read by sequential scans are reported, MiB.",
    )

    @model_validator(mode="after")
    def _names_known(self) -> "Postgres":
        roles, databases = {self.user, *self.roles}, {self.database, *self.databases}
        if self.user in self.roles:
            raise ValueError(f"roles: {self.user} is the application's role already")
        if self.database in self.databases:
            raise ValueError(f"databases: {self.database} is the application's database already")
        for name, database in self.databases.items():
            if database.owner not in {None, *roles}:
                raise ValueError(f"databases.{name}.owner: {database.owner} is none of the roles")
        for name, role in self.roles.items():
            for wanted in sorted(set(role.databases) - databases):
                raise ValueError(f"roles.{name}.databases: {wanted} is none of the databases")
            for group in sorted(set(role.member_of) - (roles - {name})):
                if not group.startswith("pg_"):
                    raise ValueError(f"roles.{name}.member_of: {group} is no other role")
        return self

    @model_validator(mode="after")
    def _numbers_fit(self) -> "Postgres":
        if self.superuser_connections >= self.reserved_connections:
            raise ValueError("superuser_connections must be less than reserved_connections")
        if self.reserved_connections >= self.max_connections:
            raise ValueError("reserved_connections must be less than max_connections")
        if self.min_wal_mb >= self.max_wal_mb:
            raise ValueError("min_wal_mb must be less than max_wal_mb")
        if self.allow and not self.listen:
            raise ValueError("allow has no effect without listen")
        return self
