"""Where extensions are, and who makes them.

An extension's script is run by the superuser, and finds what has a name that it calls in the
schema that the extension goes to. In one of the application's role that could be the role's own.
So extensions have a schema of the superuser's, at the end of each session's search_path; and the
role, which PostgreSQL lets make those that are marked as trusted, is refused new ones.
"""

from __future__ import annotations

from .quoting import identifier, literal

SCHEMA = "extensions"
DEFAULT_PATH = '"$user", public'  # PostgreSQL's own search_path

# Whoever may make schemas in a database may make trusted extensions, too: PostgreSQL then runs the
# script as the superuser, without looking at what it creates. The first command of such a script is
# told by that, and by what CREATE EXTENSION alone turns off for it. CREATE EXTENSION IF NOT EXISTS,
# as migrations say it, runs no script where the extension is there.
_REFUSE = """
BEGIN
  IF current_setting('check_function_bodies') = 'off'
    AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
    RAISE EXCEPTION 'extensions are made by readyhost: name it in postgres.extensions of the'
      ' settings and run deploy.py' USING ERRCODE = 'insufficient_privilege';
  END IF;
END
"""
GUARD_STATE = [_REFUSE, "postgres", ["search_path=pg_catalog, pg_temp"], "ddl_command_start", "A"]
GUARD = f"""BEGIN;
DROP EVENT TRIGGER IF EXISTS only_listed_extensions;
DROP FUNCTION IF EXISTS {SCHEMA}.only_listed();
CREATE FUNCTION {SCHEMA}.only_listed() RETURNS event_trigger LANGUAGE plpgsql
  SET search_path = pg_catalog, pg_temp AS {literal(_REFUSE)};
CREATE EVENT TRIGGER only_listed_extensions ON ddl_command_start
  EXECUTE FUNCTION {SCHEMA}.only_listed();
ALTER EVENT TRIGGER only_listed_extensions ENABLE ALWAYS;
COMMIT;"""

# Not IF NOT EXISTS: one that is there is somebody else's.
PLACE = f"""BEGIN;
CREATE SCHEMA {SCHEMA};
GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC;
COMMIT;"""

# For what brings contents from elsewhere: says `guarded` where the guard was missing, and whose the
# schema is where it is somebody else's, who could take the guard away.
RESTORED = f"""SELECT to_regnamespace('{SCHEMA}') IS NULL AS no_place, NOT EXISTS
  (SELECT FROM pg_event_trigger WHERE evtname = 'only_listed_extensions') AS no_guard \\gset
\\if :no_place
{PLACE}
\\endif
SELECT NOT rolsuper AS foreign, rolname AS keeper FROM pg_namespace n
  JOIN pg_roles r ON r.oid = nspowner WHERE nspname = '{SCHEMA}' \\gset
\\if :foreign
SELECT 'belongs to ' || :'keeper';
\\elif :no_guard
{GUARD}
SELECT 'guarded';
\\endif"""  # noqa: S608 - of constants

# Schemas that the script would look into: that of each extension which it needs, and its own where
# it insists on one. That one is made here if it is not there, so that nobody makes it meanwhile.
_SAFE = """DO $$ DECLARE each record; BEGIN
  FOR each IN
    WITH RECURSIVE needed AS (
      SELECT {name}::name AS extension UNION SELECT unnest(v.requires) FROM needed
        JOIN pg_available_extensions a ON a.name = extension
        JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = default_version)
    SELECT extension, e.oid IS NULL AS missing, coalesce(n.nspname, v.schema) AS place
    FROM needed JOIN pg_available_extensions a ON a.name = extension
      JOIN pg_available_extension_versions v ON v.name = a.name AND v.version = default_version
      LEFT JOIN pg_extension e ON e.extname = extension
      LEFT JOIN pg_namespace n ON n.oid = e.extnamespace
    WHERE coalesce(n.nspname, v.schema) IS NOT NULL
  LOOP
    IF each.missing AND to_regnamespace(quote_ident(each.place)) IS NULL THEN
      EXECUTE format('CREATE SCHEMA %I', each.place);
    END IF;
    IF NOT (SELECT rolsuper FROM pg_namespace n JOIN pg_roles r ON r.oid = nspowner
        WHERE nspname = each.place) THEN
      RAISE EXCEPTION 'extension % is not made: % belongs into schema %, which is not the'
        ' superuser''s: ALTER EXTENSION % SET SCHEMA {schema}, or rename it, and run again',
        {name}, each.extension, each.place, each.extension;
    END IF;
  END LOOP;
END $$;"""


def create(extension: str) -> str:
    """SQL that makes an extension, and all it needs, where the role can't have put anything."""
    return "\n".join(
        [
            "BEGIN;",
            _SAFE.format(name=literal(extension), schema=SCHEMA),
            f"SET LOCAL search_path = {SCHEMA};",
            f"CREATE EXTENSION {identifier(extension)} CASCADE;",
            "COMMIT;",
        ]
    )


def search_path(database: str, found: str | None) -> str:
    """SQL that has sessions in `database` find extensions, after all that they find by `found`."""
    path = f"{found or DEFAULT_PATH}, {SCHEMA}"
    return "\n".join(
        [
            f"SELECT set_config('search_path', {literal(path)}, false);",
            f"ALTER DATABASE {identifier(database)} SET search_path FROM CURRENT;",
            "RESET search_path;",
        ]
    )


def is_found(path: str | None) -> bool:
    """Whether a search_path, as the catalogue has it, ends with the extensions' schema."""
    return (path or "").split(", ")[-1] == SCHEMA
