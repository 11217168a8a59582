"""What takes a line of the database's or of the cache's away, and no other."""

from __future__ import annotations

from tests.host.hands import POOLER, cache, sql

from .breaking import Broken, edited

THERE = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
HELD = f"most=$({sql('SHOW max_connections')}); there=$({sql(THERE)});"
HELD += " systemd-run -q --unit=by-hand-connections"
HELD += ' --uid=postgres --working-directory=/ sh -c "seq $((most * 85 / 100 - there))'
HELD += " | xargs -P 999 -I% sh -c 'sleep 3600 | psql -XAtq'\"; sleep 4"
"""With those that are there, which a former release that is warm has too, more than four fifths of
all connections, and not all. Idle ones: they end with their client."""
READ_AGAIN = f"{sql('SELECT pg_reload_conf()')} >/dev/null"


def set_anew(name: str, value: str) -> Broken:
    """A value of PostgreSQL's that a hand has set over ours."""
    return Broken(
        f"{sql(f'ALTER SYSTEM SET {name} = {value}')} && {READ_AGAIN}",
        f"{sql(f'ALTER SYSTEM RESET {name}')} && {READ_AGAIN}; sleep 1",
    )


ARCHIVE = set_anew("archive_command", "'false'")
SWITCH = sql("SELECT pg_create_restore_point('by-hand'), pg_switch_wal()") + " >/dev/null"
REFUSED = "coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)"


def archiver(state: str) -> str:
    """Shell: waits until the archiver is so."""
    asked = sql(f"SELECT {state} FROM pg_stat_archiver")
    return f'until [ "$({asked})" = t ]; do sleep 0.5; done'


DATABASE = {
    "DB-01": set_anew("shared_buffers", "2048"),
    "DB-02": Broken(HELD, "systemctl stop by-hand-connections; sleep 1"),
    "DB-03": Broken(f"{POOLER} -c 'SET server_idle_timeout = 0'", f"{POOLER} -c RELOAD; sleep 1"),
    "DB-04": Broken(
        sql("ALTER ROLE app SET statement_timeout = 0"),
        sql("ALTER ROLE app SET statement_timeout = '60s'"),
    ),
    "DB-05": set_anew("log_min_duration_statement", "5000"),
    "DB-10": Broken(
        sql("ALTER ROLE app_b PASSWORD 'by-hand'"), sql("ALTER ROLE app_b PASSWORD NULL")
    ),
    "BAK-02": Broken(
        f"{ARCHIVE.does} && {SWITCH}; {archiver(REFUSED)}",
        f"{ARCHIVE.undoes}; {SWITCH}; {archiver(f'NOT {REFUSED}')}",
    ),
}

CACHE = {
    "CACHE-01": Broken(
        f"{cache('CONFIG SET maxmemory-policy noeviction')} >/dev/null",
        f"{cache('CONFIG SET maxmemory-policy volatile-lru')} >/dev/null",
    ),
    "CACHE-02": Broken(
        f"{cache('CONFIG SET appendfsync no')} >/dev/null",
        f"{cache('CONFIG SET appendfsync everysec')} >/dev/null",
    ),
    "CACHE-05": edited("/etc/redis/users.acl", f"'/^user app /s/$/ #{'0' * 64}/'"),
}
