"""DB: PostgreSQL and PgBouncer."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from roles.postgres.extensions import SCHEMA
from roles.postgres.names import SECOND
from roles.postgres.session import psql

from ..outcome import Finding, either, false, true
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

ELSEWHERE = "('log_min_duration_statement', 'archive_command', 'archive_mode')"
"""Values that other lines are about: DB-05, BAK-02."""
FULL = 0.8  # of all connections: more are taken within seconds
POOLER = "runuser -u postgres -- psql -h /run/postgresql -p {port} -U pgbouncer pgbouncer -XAtc"


def looks(settings: Settings) -> list[Look]:
    """What is asked of the database."""
    postgres, pooler = settings.postgres, settings.pgbouncer
    user, database = postgres.user, postgres.database
    roles = logins(user)

    def sql(*texts: str, on: str = "postgres") -> str:
        return asked(postgres.port, *texts, on=on)

    console = POOLER.format(port=pooler.port)
    listening = f"ss -Hltn 'sport = :{postgres.port}' | awk '{{print $4}}'"
    return [
        Look(
            "DB-01",
            sql(
                "SELECT current_setting('shared_buffers')",
                "SELECT current_setting('data_checksums')",
                "SELECT DISTINCT name FROM pg_file_settings WHERE NOT applied"
                f" AND sourcefile LIKE '%/readyhost.conf' AND name NOT IN {ELSEWHERE}"
                " UNION SELECT name FROM pg_settings WHERE pending_restart"
            ),
            _memory,
        ),
        Look(
            "DB-02",
            sql(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'",
                "SELECT current_setting('max_connections')",
                f"SELECT min(rolconnlimit) FROM pg_roles WHERE rolname IN {roles}"
            ),
            lambda said: _connections(said, postgres.max_connections),
        ),
        Look("DB-03", f"{console} 'SHOW CONFIG' | grep -E '^server_(lifetime|idle)'", _pooler),
        Look(
            "DB-04",
            sql(
                "SELECT setting FROM (SELECT unnest(setconfig) AS setting, setrole, setdatabase"
                f" FROM pg_db_role_setting) s JOIN pg_roles r ON r.oid = setrole"
                f" WHERE rolname IN {roles} AND setting LIKE 'statement_timeout=%'"
            ),
            lambda said: _timeout(said, postgres.statement_timeout_seconds),
        ),
        Look(
            "DB-05",
            sql(
                "SELECT setting FROM pg_settings WHERE name = 'log_min_duration_statement'",
                f"SELECT count(*) FROM {SCHEMA}.pg_stat_statements",
                on=database,
            ),
            lambda said: _slow(said, postgres.slow_query_ms),
        ),
        Look(
            "DB-06",
            sql("SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid", on=database),
            lambda said: either(not said, "all indexes are whole", f"invalid: {', '.join(said)}"),
        ),
        Look(
            "DB-07",
            "grep -cE 'postgres-maintenance (vacuum|indexes)' /etc/cron.d/postgres-maintenance"
            " || :; systemctl is-active cron || :",
            _upkeep,
        ),
        Look(
            "DB-08",
            sql("SHOW password_encryption", "SELECT count(*) FROM pg_authid WHERE rolpassword"
                " IS NOT NULL AND rolpassword NOT LIKE 'SCRAM-SHA-256$%'") + f"; {listening}",
            lambda said: _doors(said, [str(each) for each in postgres.listen]),
        ),
        Look(
            "DB-10",
            sql(
                f"SELECT rolname FROM pg_authid WHERE rolname IN {roles}"
                " AND rolpassword IS NOT NULL AND rolcanlogin"
            ),
            lambda said: _logins(said, user),
        ),
    ]  # fmt: skip


def asked(port: int, *texts: str, on: str = "postgres") -> str:
    """Shell: statements of the superuser's, which only read."""
    # One -c each: psql 14 shows the last result of several statements alone.
    return " ".join([psql(port, on), *(f"-c {shlex.quote(each)}" for each in texts)])


def logins(user: str) -> str:
    """SQL: the names of the application's two logins, as a list."""
    names = [name.replace("'", "''") for name in (user, f"{user}{SECOND}")]
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"


def _memory(said: list[str]) -> Finding:
    buffers, checksums, *pending = said
    if checksums not in ("on", "off") or not buffers[0].isdigit():
        raise ValueError(said)
    if checksums == "off":
        return false("pages have no checksums")
    if pending:
        return false(f"not in force: {', '.join(pending)}")
    return true(f"shared_buffers {buffers}, checksums on")


def _connections(said: list[str], wanted: int) -> Finding:
    used, most, role = map(int, said)
    if most != wanted:
        return false(f"{most} connections, not {wanted}")
    if role == 0:
        return false("the application's role may not connect")
    return either(used <= FULL * most, f"{used} of {most} connections are used")


def _pooler(said: list[str]) -> Finding:
    values = {line.split("|")[0]: int(line.split("|")[1]) for line in said}
    life, idle = values["server_lifetime"], values["server_idle_timeout"]
    return either(life > 0 and idle > 0, f"closed after {life} s, idle ones after {idle} s")


def _timeout(said: list[str], wanted: int) -> Finding:
    if not said:
        return false("the application's role has no time limit")
    values = {line.removeprefix("statement_timeout=") for line in said}
    seconds = {_seconds(value) for value in values}
    good = seconds == {float(wanted)}
    return either(good, f"statements end after {', '.join(sorted(values))}")


def _seconds(value: str) -> float:
    for unit, size in (("ms", 0.001), ("min", 60), ("s", 1), ("h", 3600)):
        if value.endswith(unit):
            return float(value.removesuffix(unit)) * size
    return float(value) / 1000


def _slow(said: list[str], wanted: int) -> Finding:
    if int(said[0]) != wanted:
        return false(f"logged from {said[0]} ms, not {wanted}")
    return true(f"slower than {said[0]} ms is logged; {int(said[1])} kinds of statements counted")


def _upkeep(said: list[str]) -> Finding:
    jobs, cron = int(said[0]), said[1]
    return either(jobs >= 2 and cron == "active", f"{jobs} jobs of maintenance, cron is {cron}")


def _doors(said: list[str], wanted: list[str]) -> Finding:
    encryption, weak, *addresses = said
    if encryption != "scram-sha-256" or int(weak):
        return false(f"{encryption}; {weak} passwords are not SCRAM")
    heard = {each.rsplit(":", 1)[0].strip("[]").split("%")[0] for each in addresses}
    open_to = heard - {"127.0.0.1", "::1", *wanted}
    return either(not open_to, "only this host gets in", f"heard at {', '.join(sorted(open_to))}")


def _logins(said: list[str], user: str) -> Finding:
    if strange := [name for name in said if name not in (user, f"{user}{SECOND}")]:
        raise ValueError(strange)
    if len(said) == 1:
        return true(f"one role may log in: {said[0]}")
    return false(f"not one role may log in, but: {', '.join(said) or 'nobody'}")
