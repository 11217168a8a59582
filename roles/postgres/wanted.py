"""The roles and databases that the settings ask for, complete and independent of any host."""

from dataclasses import dataclass, field

from pydantic import SecretStr

from .settings import Postgres

POOLER = "pgbouncer"  # the role PgBouncer looks passwords up with; it has none itself


@dataclass(frozen=True)
class WantedRole:
    """A role. connection_limit in connections (-1: none); limits are parameters of its sessions."""

    name: str
    password: SecretStr | None = None
    login: bool = True
    connection_limit: int = -1
    member_of: frozenset[str] = frozenset()
    limits: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WantedDatabase:
    """A database. `users` may connect to it, and nobody else but its owner and superusers."""

    name: str
    owner: str
    extensions: tuple[str, ...]
    users: frozenset[str]
    locale: str


@dataclass(frozen=True)
class Wanted:
    """All of it. Groups come before their members, as they have to be created."""

    roles: tuple[WantedRole, ...]
    databases: tuple[WantedDatabase, ...]

    @property
    def logins(self) -> list[str]:
        """Roles that log in with a password, which PgBouncer may therefore connect for."""
        return [role.name for role in self.roles if role.password is not None]


def wanted(settings: Postgres) -> Wanted:
    """What `settings` ask for."""
    application = WantedRole(
        settings.user, settings.password, limits=limits(settings, settings.statement_timeout)
    )
    further = [_role(settings, name) for name in settings.roles]
    further.sort(key=lambda role: (role.login, role.name))
    databases = [_database(settings, name) for name in [settings.database, *settings.databases]]
    return Wanted((application, *further, WantedRole(POOLER)), tuple(databases))


def session_limits(settings: Postgres) -> list[str]:
    """What the sessions of each role begin with, a line a role."""
    return [
        " ".join([f"{role.name}:", *(f"{key}={value}" for key, value in role.limits.items())])
        for role in wanted(settings).roles
        if role.limits
    ]


def limits(settings: Postgres, statement_timeout: int) -> dict[str, str]:
    """Time limits of a role's sessions: on the role and not in postgresql.conf, where they would
    end backups and maintenance too."""
    return {
        "statement_timeout": f"{statement_timeout}s",
        "lock_timeout": f"{settings.lock_timeout}s",
        "idle_in_transaction_session_timeout": f"{settings.idle_in_transaction_timeout}s",
    }


def _role(settings: Postgres, name: str) -> WantedRole:
    role = settings.roles[name]
    timeout = role.statement_timeout
    return WantedRole(
        name,
        role.password,
        login=role.password is not None,
        connection_limit=role.connection_limit,
        member_of=frozenset(role.member_of),
        limits=limits(settings, settings.statement_timeout if timeout is None else timeout),
    )


def _database(settings: Postgres, name: str) -> WantedDatabase:
    main = name == settings.database
    owner = settings.user if main else settings.databases[name].owner or settings.user
    extensions = settings.extensions if main else settings.databases[name].extensions
    visitors = {
        role
        for role, value in settings.roles.items()
        if name in (value.databases or (settings.database,))
    }
    return WantedDatabase(
        name, owner, extensions, frozenset({owner, POOLER, *visitors}), settings.locale
    )
