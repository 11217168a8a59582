"""An intruder with the application's database role: what readyhost runs as superuser is not his.

He puts a function of his own before PostgreSQL's, in a path that the database begins each session
with, and waits for the next run, the maintenance and the drill.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.host.conftest import Host
from tests.host.database import Connection, application, connect, settings, superuser
from tests.host.stages import once_at_all

pytestmark = once_at_all

# What a superuser's session would do for him: it notes who ran it, and makes him superuser.
TRAP = """
CREATE SCHEMA evil;
CREATE TABLE evil.caught (who name);
GRANT ALL ON SCHEMA evil TO PUBLIC;
GRANT INSERT ON evil.caught TO PUBLIC;
CREATE FUNCTION evil.spring() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO evil.caught VALUES (current_user);
  BEGIN EXECUTE 'ALTER ROLE app SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
END $$;
CREATE FUNCTION evil.current_database() RETURNS name LANGUAGE plpgsql AS $$ BEGIN
  PERFORM evil.spring(); RETURN pg_catalog.current_database();
END $$;
CREATE FUNCTION evil.same(oid, oid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
  PERFORM evil.spring(); RETURN $1 OPERATOR(pg_catalog.=) $2;
END $$;
CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = oid, PROCEDURE = evil.same);
CREATE TABLE evil.guarded (id int PRIMARY KEY, word text);
INSERT INTO evil.guarded SELECT n, n::text FROM generate_series(1, 50) n;
CREATE FUNCTION evil.index_of(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  PERFORM evil.spring(); RETURN $1;
EXCEPTION WHEN OTHERS THEN RETURN $1;
END $$;
"""
HIM = "'postgres'"
AFTERWARDS = """
CREATE INDEX guarded_word ON evil.guarded (evil.index_of(word)); TRUNCATE evil.caught;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
CREATE PUBLICATION everything FOR TABLE evil.guarded;
"""


@pytest.fixture(scope="module")
def session(box: Host, port: int) -> Iterator[Connection]:
    """The intruder's."""
    with connect(port, **application(box)) as found:
        yield found


def test_SEC_01_the_role_owns_its_schema_and_no_database(box: Host, session: Connection) -> None:
    name = settings(box).postgres.database
    for forbidden in (
        f"ALTER DATABASE {name} SET search_path = evil",
        f"ALTER DATABASE {name} RENAME TO mine",
        f"DROP DATABASE {name}",
        "ALTER ROLE postgres SET search_path = evil",
        "ALTER SYSTEM SET archive_command = 'id'",
        "COPY (SELECT 1) TO PROGRAM 'id'",
        "CREATE EXTENSION adminpack",
        "CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION pg_catalog.now()",
        "SELECT pg_catalog.pg_read_file('/etc/passwd')",
        "SELECT pg_catalog.lo_import('/etc/passwd')",
        "CREATE ROLE other",
        "CREATE SUBSCRIPTION s CONNECTION 'dbname=postgres' PUBLICATION p",
        "CREATE PUBLICATION p FOR ALL TABLES",
        "SELECT pg_catalog.pg_create_logical_replication_slot('s', 'pgoutput')",
        "SELECT pg_catalog.pg_create_physical_replication_slot('s')",
        "ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT ALL ON TABLES TO PUBLIC",
        "ALTER ROLE ALL SET search_path = evil",
        f"ALTER ROLE ALL IN DATABASE {name} SET search_path = evil",
        "DROP SCHEMA pgbouncer CASCADE",
    ):
        with pytest.raises(psycopg.Error):
            session.execute(forbidden)
    # What migrations do.
    session.execute("CREATE SCHEMA migrated; CREATE TABLE migrated.t (i int)")
    session.execute("DROP SCHEMA migrated CASCADE")
    session.execute("CREATE TABLE public.migrated (i int); DROP TABLE public.migrated")


@pytest.mark.timeout(400)
def test_SEC_01_no_superusers_session_runs_what_is_his(box: Host, session: Connection) -> None:
    name = settings(box).postgres.database
    session.execute(TRAP)
    session.execute(AFTERWARDS)
    # Left by an earlier version, or by hand: the worst that a database can begin a session with.
    superuser(box, f"ALTER DATABASE {name} SET search_path = evil, pg_catalog, public;")
    try:
        # The trap is a trap: a superuser who does not look out steps into it.
        stepped = (
            f"BEGIN; SELECT current_database(); SELECT who = {HIM} FROM evil.caught; ROLLBACK;"
        )
        assert superuser(box, stepped, name).splitlines()[-1] == "t"

        box.converge()
        for work in ("vacuum", "indexes"):
            box.ssh(f"cd / && runuser -u postgres -- postgres-maintenance {work}")
        box.ssh("backup dump", timeout=240)
        box.run("backup drill", timeout=240)  # it looks at each table before it wants a backup
        caught = (
            f"SET search_path = pg_catalog; SELECT count(*) FROM evil.caught WHERE who = {HIM};"
        )
        assert superuser(box, caught, name) == "0"
        assert superuser(box, "SELECT rolsuper FROM pg_authid WHERE rolname = 'app';") == "f"
    finally:
        superuser(box, f"ALTER DATABASE {name} RESET search_path;")
        superuser(box, "ALTER ROLE app NOSUPERUSER;")
        session.execute(
            "DROP SCHEMA IF EXISTS evil CASCADE; DROP PUBLICATION IF EXISTS everything;"
            " ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM PUBLIC"
        )
        box.converge()  # sessions find extensions again
