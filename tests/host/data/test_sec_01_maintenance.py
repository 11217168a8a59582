"""An intruder with the application's database role, while the superuser's sessions look after what
is his: nothing that he makes ends their work for others, or is run with their rights."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.host.conftest import Host
from tests.host.database import Connection, application, connect, settings, superuser, value
from tests.host.stages import once_at_all

pytestmark = once_at_all

MAINTENANCE = "cd / && runuser -u postgres -- postgres-maintenance"
# An index that can't be rebuilt, before and after one that should be; and a name to stumble over.
MESS = """
CREATE SCHEMA maintenance_measures;
CREATE SCHEMA mess;
CREATE FUNCTION mess.index_of(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
CREATE TABLE mess.a (n int) WITH (autovacuum_enabled = off);
CREATE TABLE mess.kept (LIKE mess.a) WITH (autovacuum_enabled = off);
CREATE TABLE mess.z (LIKE mess.a) WITH (autovacuum_enabled = off);
INSERT INTO mess.a SELECT generate_series(1, 300000);
INSERT INTO mess.kept TABLE mess.a;
INSERT INTO mess.z TABLE mess.a;
CREATE INDEX "a'"";DROP TABLE mess.kept;" ON mess.a (mess.index_of(n));
CREATE INDEX kept_n ON mess.kept (n);
CREATE INDEX z_n ON mess.z (mess.index_of(n));
DELETE FROM mess.a WHERE n % 10 > 0;
DELETE FROM mess.kept WHERE n % 10 > 0;
DELETE FROM mess.z WHERE n % 10 > 0;
CREATE OR REPLACE FUNCTION mess.index_of(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'vacuum: finished'; END $$;
"""
LOOK = """
import sys
sys.path.insert(0, "/usr/local/lib/readyhost")
from backup import configuration, counts
found = configuration.load()
print(*counts.look(found.cluster, found.count_mb))
"""
TRAP = """
CREATE SCHEMA swap;
CREATE FUNCTION swap.spring() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'ALTER ROLE app SUPERUSER'; RETURN true;
EXCEPTION WHEN OTHERS THEN RETURN true;
END $$;
CREATE TABLE swap.before (n int); CREATE TABLE swap.held (n int); CREATE TABLE swap.after (n int);
"""
SWAP = """
LOCK TABLE swap.{0} NOWAIT; ALTER TABLE swap.{0} RENAME TO {0}_aside;
CREATE VIEW swap.{0} AS SELECT 1 AS n WHERE swap.spring();
"""
HELD = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'swap.held'::regclass"


@pytest.fixture(scope="module")
def session(box: Host, port: int) -> Iterator[Connection]:
    """The intruder's."""
    with connect(port, **application(box)) as found:
        yield found


def test_SEC_01_what_he_makes_ends_no_maintenance_of_others(box: Host, session: Connection) -> None:
    name = settings(box).postgres.database
    session.execute(MESS)
    try:
        done = box.run(f"{MAINTENANCE} vacuum")
        assert f"vacuum: FAILED for {name}.mess.a" in done.stdout
        assert "vacuum: template1 vacuumed" in done.stdout
        size = "SELECT pg_relation_size('mess.kept_n')"
        before = int(value(session, size))
        done = box.run(f"{MAINTENANCE} indexes")
        assert int(value(session, size)) < before / 5, done.stdout + done.stderr
        assert f"indexes: {name}, 1 rebuilt" in done.stdout
        assert f"""indexes: FAILED for {name}.mess."a'"";DROP TABLE mess.kept;\"""" in done.stdout
        assert "indexes: template1, 0 rebuilt" in done.stdout
        assert "indexes: FAILED after" in done.stdout
        assert done.returncode == 1
    finally:
        session.execute("DROP SCHEMA mess, maintenance_measures CASCADE")


def test_SEC_01_no_view_that_takes_a_table_s_place_is_counted(
    box: Host, session: Connection
) -> None:
    session.execute(TRAP)
    try:
        with ThreadPoolExecutor() as pool:
            session.execute("BEGIN; LOCK TABLE swap.held")
            looking = pool.submit(box.ssh, "python3 -I -", LOOK)
            # It has its list of tables, and waits for this one.
            end = time.monotonic() + 30
            while value(session, HELD) == "0":
                assert time.monotonic() < end, "it does not look at the table"
                time.sleep(0.1)
            swapped = 0
            for table in ("before", "after"):  # what it had counted it holds locked itself
                session.execute("SAVEPOINT one")
                try:
                    session.execute(SWAP.format(table))
                    swapped += 1
                except psycopg.errors.LockNotAvailable:
                    session.execute("ROLLBACK TO one")
            session.execute("COMMIT")
            assert swapped, "the attack came too late"
            assert "swap.held" in looking.result()
        assert superuser(box, "SELECT rolsuper FROM pg_authid WHERE rolname = 'app';") == "f"
    finally:
        superuser(box, "ALTER ROLE app NOSUPERUSER;")
        session.execute("ROLLBACK; DROP SCHEMA swap CASCADE")


def test_SEC_01_roles_made_by_hand_are_named_and_not_dropped(box: Host) -> None:
    made = 'CREATE ROLE by_hand SUPERUSER; CREATE ROLE "a watcher"; GRANT pg_monitor TO "a watcher"'
    superuser(box, made)
    try:
        said = box.converge().stdout
        assert "role by_hand (superuser) is not of the settings" in said
        assert "role a watcher (pg_monitor) is not of the settings" in said
        assert superuser(box, "SELECT rolsuper FROM pg_roles WHERE rolname = 'by_hand'") == "t"
    finally:
        superuser(box, 'DROP ROLE by_hand, "a watcher"')
