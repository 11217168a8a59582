"""The roles and databases that the settings ask for, complete and independent of any host."""

from collections.abc import Collection
from dataclasses import dataclass, field

from pydantic import SecretStr

from .connection import LOOKUPS, available_connections
from .names import SECOND
from .settings import Postgres

MONITOR = "pg_monitor"
METRICS_SECONDS = 10  # of one of its questions; each takes milliseconds
SPARE = 3  # connections of the login that the application does not use: a restore's, as the owner
POOLER = "pgbouncer"  # the role PgBouncer looks passwords up with; it has none itself


@dataclass(frozen=True)
class WantedRole:
    """A role. connection_limit in connections (-1: none); limits are parameters of its sessions.

    keep: whether one without a password keeps the one it has.
    """

    name: str
    password: SecretStr | None = None
    login: bool = True
    connection_limit: int = -1
    member_of: frozenset[str] = frozenset()
    limits: dict[str, str] = field(default_factory=dict)
    keep: bool = False


@dataclass(frozen=True)
class WantedDatabase:
    """A database, which belongs to the superuser: who owns one decides what every session there
    begins with. `owner` owns what is in it. `users` may connect, and nobody else but superusers."""

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
        """Roles that log in, or did until now, with a password: PgBouncer may connect for them."""
        return [role.name for role in self.roles if role.login and role.name != POOLER]


def wanted(
    settings: Postgres,
    login: str | Collection[str] | None = None,
    *,
    keep: bool | Collection[str] = False,
    metrics: str = "",
) -> Wanted:
    """What `settings` ask for.

    login: the one of `logins` that has the application's password, the first when None; of several
    applications one of each. keep: whether the other one keeps the password it has, for a release
    that is still live with it; of several applications the owners' names.
    metrics: the role that counts for monitoring, and reads no data, if there is one.
    """
    chosen = {login} if isinstance(login, str) else set(login or ())
    application = [
        role
        for each in settings.tenants
        for role in _application(
            each, chosen, _keeps(each, keep), most_connections(settings, each.user)
        )
    ]
    further = [_role(settings, name) for name in settings.roles]
    further.sort(key=lambda role: (role.login, role.name))
    databases = [_database(settings, name) for name in [settings.database, *settings.databases]]
    databases += [_database(each, each.database) for each in settings.tenants[1:]]
    counting = [_metrics(settings, metrics)] if metrics else []
    return Wanted((*application, *further, WantedRole(POOLER), *counting), tuple(databases))


def _metrics(settings: Postgres, name: str) -> WantedRole:
    """It has no password: on the host it is who the system says it is."""
    bounds = limits(settings, METRICS_SECONDS)
    return WantedRole(name, connection_limit=3, member_of=frozenset({MONITOR}), limits=bounds)


def _keeps(settings: Postgres, keep: bool | Collection[str]) -> bool:
    return keep if isinstance(keep, bool) else settings.user in keep


def most_connections(settings: Postgres, user: str) -> int:
    """Connections that the application of `user` may have, past the pooler included: all but the
    reserved ones and those of the others' pools."""
    others = [each.own_pools for each in settings.tenants if each.user != user]
    return max(available_connections(settings) - LOOKUPS - sum(others), 1)


def _application(
    settings: Postgres, chosen: Collection[str], keep: bool, most: int
) -> list[WantedRole]:
    """The two logins of an application. Whoever has one may give the other a password: both
    together are not to have twice as many connections as `most`."""
    owner, second = logins(settings)
    login = next((name for name in (owner, second) if name in chosen), owner)
    bounds = limits(settings, settings.statement_timeout_seconds)
    alias = frozenset({owner}), {**bounds, "role": owner}
    return [
        WantedRole(
            name,
            settings.password if name == login else None,
            connection_limit=most if keep or name == login else SPARE,
            member_of=groups,
            limits=parameters,
            keep=keep,
        )
        for name, (groups, parameters) in {owner: (frozenset(), bounds), second: alias}.items()
    ]


def logins(settings: Postgres) -> tuple[str, str]:
    """The two roles that the application logs in as, by turns: a new password goes to the one
    that is free. The first owns everything; who logs in as the second acts as the first."""
    return settings.user, f"{settings.user}{SECOND}"


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
        "lock_timeout": f"{settings.lock_timeout_seconds}s",
        "idle_in_transaction_session_timeout": f"{settings.idle_in_transaction_timeout_seconds}s",
    }


def _role(settings: Postgres, name: str) -> WantedRole:
    role = settings.roles[name]
    timeout = role.statement_timeout_seconds
    return WantedRole(
        name,
        role.password,
        login=role.password is not None,
        connection_limit=role.connection_limit,
        member_of=frozenset(role.member_of),
        limits=limits(settings, settings.statement_timeout_seconds if timeout is None else timeout),
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
