"""Brings the database up to date: `python -m app.migrate`, once per release, any number of times.

`migrations/*.sql` run in order, each once, each in its own transaction. A file whose first line is
`-- no transaction` runs statement by statement without one (CREATE INDEX CONCURRENTLY needs that)
and must bear being run again after an interruption.
"""

import re
from pathlib import Path

import psycopg

from app import logs, settings
from app.resources import connect

FOLDER = Path(__file__).parent.parent / "migrations"
LOCK = 7_305_811_942  # any number, the same for every run

TABLE = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
        name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


def in_transaction(sql: str) -> bool:
    return not sql.startswith("-- no transaction")


def statements(sql: str) -> list[str]:
    """The statements of a file; each ends with a semicolon at the end of a line."""
    code = re.sub(r"^\s*--.*\n", "", sql, flags=re.MULTILINE)
    return [part.strip() for part in re.split(r";[ \t]*(?:\n|$)", code) if part.strip()]


def alone(db: psycopg.Connection) -> None:
    """Waits until no other run is in such a transaction, and lifts the limit on its statements.

    Both end with the transaction: what belongs to a session would outlive this run on a
    connection that PgBouncer gives to someone else.
    """
    db.execute("SET LOCAL statement_timeout = 0")
    db.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))


def applied(db: psycopg.Connection, name: str) -> bool:
    query = "SELECT 1 FROM schema_migrations WHERE name = %s"
    return db.execute(query, (name,)).fetchone() is not None


def apply(db: psycopg.Connection, name: str, sql: str) -> bool:
    """Applies one file; False if it was applied before."""
    if in_transaction(sql):
        with db.transaction():
            alone(db)
            # Everybody queues behind a change that waits for a lock: rather fail than stop them.
            db.execute("SET LOCAL lock_timeout = '5s'")
            if applied(db, name):
                return False
            db.execute(sql)
            record(db, name)
        return True
    if applied(db, name):
        return False
    for statement in statements(sql):
        db.execute(statement)
    record(db, name)
    return True


def record(db: psycopg.Connection, name: str) -> None:
    db.execute("INSERT INTO schema_migrations (name) VALUES (%s)", (name,))


def main() -> None:
    config = settings.load()
    logs.configure(config.log_level)
    direct = config.migration_database_url
    with connect(direct or config.database_url) as db:
        if direct:
            # Only a connection of our own may keep a setting. Building an index on a large table
            # takes longer than the server allows ordinary statements.
            db.execute("SET statement_timeout = 0")
        with db.transaction():
            alone(db)
            db.execute(TABLE)
        for path in sorted(FOLDER.glob("*.sql")):
            print(path.name, "applied" if apply(db, path.name, path.read_text()) else "was applied")


if __name__ == "__main__":
    main()
