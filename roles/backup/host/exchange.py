"""A database restored beside the present one, then exchanged with it.

No text of a database is run as SQL: what the catalogue says goes to psql as variables, which it
quotes. Until the superuser's part is there nobody else may connect, or the application's role could
put in the new database what the superuser's part runs.
"""

from __future__ import annotations

import json
from typing import IO, Any

from . import dump_parts, server
from .configuration import Cluster
from .errors import BackupError

PRESENT = """SELECT json_build_object('owner', pg_get_userbyid(datdba),
  'encoding', pg_encoding_to_char(encoding), 'collate', datcollate, 'ctype', datctype,
  'rights', (SELECT json_agg(json_build_array(privilege_type, grantee,
    CASE grantee WHEN 0 THEN '' ELSE pg_get_userbyid(grantee) END)) FROM aclexplode(datacl)))
FROM pg_database WHERE datname = :'database';"""

MAKE = """DROP DATABASE IF EXISTS :"new";
CREATE DATABASE :"new" OWNER :"owner" TEMPLATE template0 ENCODING :'encoding' LC_COLLATE :'collate'
  LC_CTYPE :'ctype' ALLOW_CONNECTIONS false;
REVOKE ALL ON DATABASE :"new" FROM PUBLIC;
ALTER DATABASE :"new" ALLOW_CONNECTIONS true;"""

# What sessions begin with there, row by row as it is: ALTER DATABASE would take a list for a name.
SETTINGS = """INSERT INTO pg_db_role_setting SELECT n.oid, setrole, setconfig
FROM pg_database n, pg_database d JOIN pg_db_role_setting ON setdatabase = d.oid
WHERE n.datname = :'new' AND d.datname = :'database';"""

# In one transaction; sessions of the present one are ended, for it could not be renamed.
EXCHANGE = """DROP DATABASE IF EXISTS :"old";
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :'database';
BEGIN;
ALTER DATABASE :"database" RENAME TO :"old";
ALTER DATABASE :"new" RENAME TO :"database";
COMMIT;"""

RIGHTS = {"CONNECT", "TEMPORARY", "CREATE"}  # that there are on a database


def restore(cluster: Cluster, file: IO[bytes], database: str, guard: str) -> str:
    """Have `database` be what the dump in `file` holds. The name that the former one has now."""
    new, old = f"{database}_restored", f"{database}_before_restore"
    owner = dump_parts.owner(cluster, database)
    found = _present(cluster, database)
    rights = found.pop("rights") or []
    server.sql(cluster, MAKE, new=new, **found)
    dump_parts.prepare(cluster, file, new, owner)
    dump_parts.protect(cluster, guard, new)  # a dump of before there was the guard brings none
    for right, number, grantee in rights:
        if right not in RIGHTS:
            raise BackupError(f"{database} has a right that is not known: {right}")
        to = ':"grantee"' if number else "PUBLIC"
        server.sql(cluster, f'GRANT {right} ON DATABASE :"new" TO {to};', new=new, grantee=grantee)
    dump_parts.restore(cluster, file, new, owner)
    server.sql(cluster, SETTINGS, new=new, database=database)
    server.sql(cluster, EXCHANGE, new=new, old=old, database=database)
    return old


def _present(cluster: Cluster, database: str) -> dict[str, Any]:
    found = server.sql(cluster, PRESENT, database=database)
    if not found:
        raise BackupError(f"there is no database {database}")
    return dict(json.loads(found))
