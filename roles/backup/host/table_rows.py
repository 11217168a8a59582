"""One table's rows out of a dump, with its owner's rights: what they call is the application's."""

from __future__ import annotations

from typing import IO

from . import dump_parts, server
from .configuration import Cluster
from .errors import BackupError
from .process import run
from .server import USER

# Foreign keys that refer to the table would delete or refuse rows of others while it is empty, and
# triggers would act on each row: both are put away, and back as they were, in one transaction.
AWAY = """BEGIN;
CREATE TEMP TABLE keys ON COMMIT DROP AS SELECT conrelid::regclass::text AS place, conname,
  pg_get_constraintdef(oid) AS definition FROM pg_constraint
  WHERE contype = 'f' AND confrelid = '{place}'::regclass AND conparentid = 0;
CREATE TEMP TABLE triggers ON COMMIT DROP AS SELECT tgname, tgenabled FROM pg_trigger
  WHERE tgrelid = '{place}'::regclass AND NOT tgisinternal;
DROP TABLE IF EXISTS {kept};
CREATE TABLE {kept} AS TABLE {place};
DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT * FROM pg_temp.keys LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', each.place, each.conname);
  END LOOP;
END $$;
ALTER TABLE {place} DISABLE TRIGGER USER;
TRUNCATE {place};
"""
BACK = """
DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT * FROM pg_temp.triggers WHERE tgenabled <> 'D' LOOP
    EXECUTE format('ALTER TABLE {place} ENABLE %s TRIGGER %I',
      CASE each.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'R' THEN 'REPLICA' ELSE '' END, each.tgname);
  END LOOP;
  FOR each IN SELECT * FROM pg_temp.keys LOOP
    EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s',
      each.place, each.conname, each.definition);
  END LOOP;
END $$;
COMMIT;"""


def restore(cluster: Cluster, file: IO[bytes], database: str, table: str) -> None:
    """Put the dump's rows of `table` in the place of the present ones, which are kept beside it.

    Raises BackupError when the dump has no such table, or other tables refer to rows that it has
    not; then nothing is changed.
    """
    schema, _, name = table.rpartition(".")
    schema = schema or "public"
    command = ["pg_restore", "--data-only", "-n", schema, "-t", name, "-f", "-"]
    rows = run(command, user=USER, stdin=file)
    if "COPY " not in rows:
        raise BackupError(f"the dump has no table {schema}.{name}")
    place, kept = f'"{schema}"."{name}"', f'"{schema}"."{name}_before_restore"'
    script = AWAY.format(place=place, kept=kept) + rows + BACK.format(place=place)
    server.sql(cluster, script, database, role=dump_parts.owner(cluster, database))
