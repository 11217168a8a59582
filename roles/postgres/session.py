"""How every session is opened that has more rights than the application's.

A role or the owner of a database may set parameters that each session there begins with, and may
put functions, operators and tables of its own before PostgreSQL's (search_path). What comes from
the client's command line outranks all of them (PostgreSQL's guc.h: PGC_S_CLIENT is above
PGC_S_DATABASE, PGC_S_USER and PGC_S_DATABASE_USER), so nothing that they have set or made is run.
"""

from __future__ import annotations

LOCK_SECONDS = 10  # of a lock that somebody holds for ever, on purpose or not
# Maintenance and backups wait behind transactions; the roles' limits end those in a minute or two.
PATIENT_SECONDS = 300
STATEMENT_SECONDS = 60  # the catalogues answer in milliseconds

# Debian's psql and pg_isready are Perl that looks for a cluster first, three times the work of the
# programs themselves, which stand in a folder of their version. PATH is what there is without one.
CLIENTS = 'PATH="$(printf %s: /usr/lib/postgresql/*/bin)$PATH"'

PINNED = {
    # pg_temp is named, or it would be searched first of all.
    "search_path": "pg_catalog,pg_temp",
    "role": "none",
    "standard_conforming_strings": "on",
    "default_transaction_read_only": "off",
    "session_replication_role": "origin",
}


def options(statement: int = STATEMENT_SECONDS, lock: int = LOCK_SECONDS) -> str:
    """PGOPTIONS of such a session; `statement` and `lock`: its time limits in seconds, 0 is never.

    Without a space in any value, so that it needs no quotes of its own.
    """
    limits = {"statement_timeout": f"{statement}s", "lock_timeout": f"{lock}s"}
    return " ".join(f"-c {name}={value}" for name, value in {**PINNED, **limits}.items())


def patient() -> str:
    """PGOPTIONS of maintenance and backups: no statement ends by the clock."""
    return options(statement=0, lock=PATIENT_SECONDS)


# Half of what runuser takes: nothing here needs a session of PAM's.
AS_POSTGRES = "setpriv --reuid postgres --regid postgres --init-groups"


def psql(port: int, database: str = "postgres") -> str:
    """Shell: psql as the superuser; SQL comes by standard input or as further arguments."""
    return (
        f"cd / && {AS_POSTGRES} env PGOPTIONS='{options()}'"
        f" {CLIENTS} psql -XAtq -v ON_ERROR_STOP=1 -p {port} -d {database}"
    )


def answers(port: int) -> str:
    """Shell: whether the server on `port` takes connections."""
    return f"env {CLIENTS} pg_isready -q -p {port} 2>/dev/null"
