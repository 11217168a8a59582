"""The function by which PgBouncer asks for the verifier of whoever logs in."""

from __future__ import annotations

from .quoting import literal

LOOKUP = (
    " SELECT rolname::text, rolpassword::text FROM pg_catalog.pg_authid"
    " WHERE rolname = $1 AND rolcanlogin AND NOT rolsuper"
    " AND (rolvaliduntil IS NULL OR rolvaliduntil > now()) "
)
LOOKUP_STATE = [
    LOOKUP,
    True,
    "postgres",
    ["search_path=pg_catalog"],
    ["postgres=X/postgres", "pgbouncer=X/postgres"],
    "postgres",
]
# Made anew as a whole: whoever owned the schema may have left more in it. In one transaction, so
# that nobody who logs in meanwhile is refused.
CREATE_LOOKUP = f"""BEGIN;
DROP SCHEMA IF EXISTS pgbouncer CASCADE;
CREATE SCHEMA pgbouncer;
REVOKE ALL ON SCHEMA pgbouncer FROM PUBLIC;
GRANT USAGE ON SCHEMA pgbouncer TO pgbouncer;
CREATE FUNCTION pgbouncer.get_auth(name text) RETURNS TABLE (username text, password text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS {literal(LOOKUP)};
REVOKE ALL ON FUNCTION pgbouncer.get_auth(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pgbouncer.get_auth(text) TO pgbouncer;
COMMIT;"""
