"""How this program's sessions with PostgreSQL begin: roles/postgres/session.py says why."""

# The same text as patient() there, which a test compares: a program on the host imports
# nothing of the toolkit. Backups and restores take their time.
OPTIONS = (
    "-c search_path=pg_catalog,pg_temp -c role=none -c standard_conforming_strings=on"
    " -c default_transaction_read_only=off -c session_replication_role=origin"
    " -c statement_timeout=0s -c lock_timeout=300s"
)

# Of a restore with the rights of the application's role, which may not say more.
OWNERS = "-c search_path=pg_catalog,pg_temp -c statement_timeout=0s -c lock_timeout=300s"
