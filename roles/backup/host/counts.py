"""What a database held at a moment: rows and newest keys, between two looks at them."""

from __future__ import annotations

import json
from typing import Any

from roles.core.host.plain import one_line

from . import server
from .configuration import Cluster
from .server import sql

# A JSON object a table: how many rows, the greatest key, and what the statistics say was written
# so far. Tables beyond the size are not counted: that would read all of them. Whoever owns a table
# could put a view in its place meanwhile, whose functions would run with this session's rights: so
# each is locked, then looked at once more, then read.
QUERY = r"""
CREATE FUNCTION pg_temp.look() RETURNS SETOF json LANGUAGE plpgsql AS $look$
DECLARE
  each record;
  line json;
BEGIN
  FOR each IN
    SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS place,
      CASE WHEN pg_relation_size(c.oid) <= __SIZE__ THEN 'count(*)' ELSE 'NULL' END AS rows,
      CASE WHEN k.attname IS NULL THEN 'NULL' ELSE format('max(%I)::text', k.attname) END AS newest,
      coalesce(s.n_tup_ins + s.n_tup_del, 0) AS written
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
    LEFT JOIN LATERAL (SELECT a.attname FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1
        AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)) k ON true
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname NOT IN ('pg_catalog',
      'information_schema') AND n.nspname NOT LIKE 'pg\_%'
  LOOP
    BEGIN
      EXECUTE format('LOCK TABLE ONLY %s IN ACCESS SHARE MODE', each.place);
      CONTINUE WHEN NOT EXISTS (SELECT FROM pg_class
        WHERE oid = each.oid AND oid = to_regclass(each.place) AND relkind = 'r');
      EXECUTE format(
        'SELECT json_build_object(''table'', %L, ''rows'', %s, ''newest'', %s, ''written'', %s)'
        ' FROM ONLY %s', each.place, each.rows, each.newest, each.written, each.place) INTO line;
      RETURN NEXT line;
    EXCEPTION WHEN undefined_table OR undefined_column OR invalid_schema_name THEN
      CONTINUE;  -- it was dropped, or is another thing now
    END;
  END LOOP;
END $look$;
SELECT pg_temp.look();
"""

Counts = dict[str, dict[str, Any]]


def look(
    cluster: Cluster, size_mb: int, port: int | None = None, socket: str = "/run/postgresql"
) -> Counts:
    """Rows, newest key and writes of each table of each database, by database.schema.table."""
    query = QUERY.replace("__SIZE__", str(size_mb * 2**20))
    found: Counts = {}
    for database in server.databases(cluster, port=port, socket=socket):
        # JSON hides ends of lines, but not what Python takes for one besides (U+2028 in a name)
        said = sql(cluster, query, database, port=port, socket=socket)
        for line in filter(None, said.split("\n")):
            row = json.loads(line)
            found[f"{database}.{row.pop('table')}"] = row
    return found


def compare(before: Counts, after: Counts, restored: Counts) -> list[str]:
    """What `restored` has that can't have been there between `before` and `after`; a line each.

    A table that nobody wrote to in between must have the very same number of rows and newest key.
    """
    wrong = []
    for name in before.keys() & after.keys():
        first, second, mine = before[name], after[name], restored.get(name)
        if mine is None:
            wrong.append(f"{one_line(name)} is missing")
            continue
        churn = second["written"] - first["written"]
        if first["rows"] is not None and mine["rows"] is not None and second["rows"] is not None:
            low = min(first["rows"], second["rows"]) - churn
            high = max(first["rows"], second["rows"]) + churn
            if not low <= mine["rows"] <= high:
                wrong.append(f"{one_line(name)} has {mine['rows']} rows, and had {first['rows']}")
        if churn == 0 and first["newest"] == second["newest"] != mine["newest"]:
            ends = f"ends with {mine['newest']}, and did with {first['newest']}"
            wrong.append(f"{one_line(name)} {ends}")
    return sorted(wrong)
