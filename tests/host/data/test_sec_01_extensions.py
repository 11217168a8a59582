"""An intruder with the application's database role, and the scripts of extensions: PostgreSQL runs
them as superuser, and they call whatever has the right name in the schema that they go to."""

from __future__ import annotations

import json
from collections.abc import Iterator

import psycopg
import pytest

from tests.host.conftest import Host
from tests.host.database import Connection, application, connect, settings, superuser, value
from tests.host.stages import once_at_all
from vagrant.running import changes

pytestmark = once_at_all

# As many a real one is: it calls a function of PostgreSQL's by its bare name. That takes text, so
# one of the intruder's that takes varchar fits better.
CONTROL = "default_version = '1'\\nrelocatable = true\\nrequires = 'helping'\\n"
SCRIPT = "CREATE TABLE careless (n int); SELECT length('anything'::varchar);"
FOLDER = "/usr/share/postgresql/*/extension"
PLANT = """
CREATE FUNCTION public.length(varchar) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'ALTER ROLE app SUPERUSER'; RETURN 1;
EXCEPTION WHEN OTHERS THEN RETURN 1;
END $$;
"""
CLIMBED = "SELECT rolsuper FROM pg_authid WHERE rolname = 'app';"


@pytest.fixture
def session(box: Host, port: int) -> Iterator[Connection]:
    """The intruder's, while there are two careless extensions, one of which PostgreSQL trusts."""
    box.ssh(
        f'cd {FOLDER}; printf "{CONTROL}" >careless.control; echo "{SCRIPT}" >careless--1.sql;'
        f" for name in helping trusted; do"
        " printf \"default_version = '1'\\nrelocatable = true\\n\" >$name.control;"
        ' echo "SELECT 1;" >$name--1.sql; done;'
        f' echo trusted = true >>trusted.control; echo "{SCRIPT}" >trusted--1.sql'
    )
    with connect(port, **application(box)) as found:
        found.execute(PLANT)
        yield found
        found.execute("DROP FUNCTION public.length(varchar)")
    superuser(box, "ALTER ROLE app NOSUPERUSER;")
    name = settings(box).postgres.database
    superuser(box, "DROP EXTENSION IF EXISTS careless, helping, trusted, citext", name)
    box.ssh(f"cd {FOLDER}; rm careless* helping* trusted.control trusted--1.sql")


def test_SEC_01_an_extension_s_script_calls_nothing_of_the_role_s(
    box: Host, session: Connection
) -> None:
    name = settings(box).postgres.database
    # The trap is a trap: a superuser who makes it where the role makes things steps into it.
    trap = f"BEGIN; CREATE EXTENSION careless SCHEMA public CASCADE; {CLIMBED} ROLLBACK;"
    assert superuser(box, trap, name).splitlines()[-1] == "t"

    listed = [*settings(box).postgres.extensions, "careless", "citext"]
    wanted = {"READYHOST_POSTGRES__EXTENSIONS": json.dumps(listed)}
    assert "PostgreSQL | roles and databases" in changes(box.converge(**wanted).stdout)
    assert superuser(box, CLIMBED) == "f"
    where = (
        "SELECT string_agg(extnamespace::regnamespace::text, ',') FROM pg_extension"
        " WHERE extname IN ('careless', 'helping', 'citext')"
    )
    assert superuser(box, where, name) == "extensions,extensions,extensions"
    # The application finds what is in there, by bare names, and migrations that ask for it go on.
    with connect_again(session) as later:
        later.execute("CREATE EXTENSION IF NOT EXISTS citext")
        assert value(later, "SELECT 'A'::citext = 'a'") == "True"

    # One that needs what lies in a schema of the role's is refused.
    superuser(box, "DROP EXTENSION careless; ALTER EXTENSION helping SET SCHEMA public", name)
    refused = box.pyinfra("-y", check=False, values=wanted)
    assert refused.returncode == 1
    assert "extension careless is not made: helping belongs into schema public" in refused.stdout
    assert superuser(box, CLIMBED) == "f"


def test_SEC_01_the_role_makes_schemas_and_no_extension(box: Host, session: Connection) -> None:
    for forbidden in ("pg_trgm", "trusted", "IF NOT EXISTS hstore SCHEMA public CASCADE"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"postgres\.extensions"):
            session.execute(f"CREATE EXTENSION {forbidden}")
    assert superuser(box, CLIMBED) == "f"
    for forbidden in (
        "DROP EVENT TRIGGER only_listed_extensions",
        "ALTER EVENT TRIGGER only_listed_extensions DISABLE",
        "DROP FUNCTION extensions.only_listed()",
        "CREATE FUNCTION extensions.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DROP SCHEMA extensions CASCADE",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(forbidden)
    # What migrations do.
    session.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
    session.execute("CREATE SCHEMA IF NOT EXISTS public; CREATE SCHEMA migrated")
    session.execute("CREATE TABLE migrated.t (i int); DROP SCHEMA migrated CASCADE")


def connect_again(session: Connection) -> Connection:
    """A session that begins as new ones do."""
    return psycopg.connect(
        session.info.dsn, password=session.info.password, autocommit=True, sslmode="disable"
    )
