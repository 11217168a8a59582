"""What an application has put into its tables runs with no more rights while they are restored."""

from __future__ import annotations

import pytest

from tests.host.database import superuser
from vagrant.driver import Box
from vagrant.running import changes

from .hosts import GUARDED, UNGUARDED, refused, sql

pytestmark = pytest.mark.timeout(600)


# What runs while rows are written: a constraint, a column, an index, and a trigger that even a
# session of a replica fires. Each tries to make its role a superuser.
BAIT = """
CREATE FUNCTION try() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'RESET SESSION AUTHORIZATION'; EXECUTE 'ALTER ROLE app SUPERUSER';
  EXCEPTION WHEN OTHERS THEN NULL; END $$;
CREATE FUNCTION climb(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  PERFORM public.try(); RETURN n; END $$;
CREATE FUNCTION climbs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM public.try(); RETURN new; END $$;
CREATE TABLE bait (n int PRIMARY KEY CHECK (public.climb(n) = n),
  more int GENERATED ALWAYS AS (public.climb(n)) STORED);
CREATE INDEX ON bait (public.climb(n));
CREATE TRIGGER always BEFORE INSERT ON bait FOR EACH ROW EXECUTE FUNCTION climbs();
ALTER TABLE bait ENABLE ALWAYS TRIGGER always;
CREATE TABLE hooked (n int REFERENCES bait ON DELETE CASCADE);
INSERT INTO bait VALUES (1), (2);
INSERT INTO hooked VALUES (1);
"""


def test_SEC_01_a_restore_gives_the_application_no_more_rights(host: Box) -> None:
    superuser(host, UNGUARDED, "app")
    # As the application, since an administrator's own rows would fire the traps with his rights.
    session = "runuser -u postgres -- psql -Xq -v ON_ERROR_STOP=1 -U app -d app"
    host.ssh(session, stdin=BAIT)
    climbed = "SELECT rolsuper FROM pg_roles WHERE rolname = 'app';"
    host.ssh("backup dump", timeout=300)
    host.ssh("backup restore dump --table bait --yes", timeout=300)
    assert sql(host, climbed) == "f"
    # The row that refers to one is there, and all that was put away is back.
    assert sql(host, "SELECT count(*), (SELECT count(*) FROM hooked) FROM bait;") == "2|1"
    assert sql(host, "SELECT tgenabled FROM pg_trigger WHERE tgname = 'always';") == "A"
    assert sql(host, "SELECT confdeltype FROM pg_constraint WHERE contype = 'f';") == "c"
    host.ssh("backup restore dump --yes", timeout=300)
    assert sql(host, climbed) == "f"
    assert sql(host, GUARDED) == "A", "a dump of before the guard was restored without one"
    assert sql(host, "SELECT count(*) FROM bait;") == "2"
    owners = (
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname ~ '^(bait|kept)';"
    )
    assert sql(host, owners) == "app"
    # Rows that another table refers to are missed in words, and nothing is changed.
    host.ssh(session, stdin="INSERT INTO bait VALUES (3); INSERT INTO hooked VALUES (3);")
    said = refused(host, "backup restore dump --table bait --yes")
    assert "hooked" in said
    assert sql(host, "SELECT count(*) FROM bait;") == "3"
    sql(host, "DROP TABLE hooked, bait; DROP FUNCTION climb, climbs, try;")
    superuser(host, "DROP DATABASE app_before_restore;")
    assert set(changes(host.converge().stdout)) == set(), "a run after a restore changes something"
