"""The same intruder at other roles of the server: their rights, their passwords, their sessions."""

from __future__ import annotations

from .attack import BESIDE_ENDS, LOOT, Attack, beside, edited, sql
from .database_role import AS_POSTGRES, SEEN, granted, his

OWNER = sql(
    "ALTER DATABASE app OWNER TO app",
    "ALTER DATABASE app OWNER TO postgres; GRANT ALL ON DATABASE app TO app",
)
PIN = edited("/usr/local/sbin/postgres-maintenance", "/^export PGOPTIONS/d", "true")
SESSION = beside(
    f"psql -XAtq -d postgres -c \"SELECT '{LOOT}', pg_sleep(60)\"; sleep 0.5", "--uid=postgres"
)

TRAP = """
CREATE SCHEMA attack;
GRANT ALL ON SCHEMA attack TO PUBLIC;
CREATE TABLE attack.caught (who name);
GRANT ALL ON attack.caught TO PUBLIC;
CREATE FUNCTION attack.current_database() RETURNS name LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO attack.caught VALUES (current_user); RETURN pg_catalog.current_database();
END $$;
GRANT EXECUTE ON FUNCTION attack.current_database() TO PUBLIC;
"""
PATH = "ALTER DATABASE app SET search_path = attack, pg_catalog"

ATTACKS = (
    his("a superuser of his own", "CREATE ROLE attacker SUPERUSER LOGIN; DROP ROLE attacker;"),
    his(
        "the superuser's role", "SET ROLE postgres; SELECT current_user;", "grep -qx postgres $SAID"
    ),
    his(
        "the superuser's session",
        "SET SESSION AUTHORIZATION postgres; SELECT current_user;",
        "grep -qx postgres $SAID",
    ),
    his(
        "the verifiers of passwords",
        "SELECT rolpassword FROM pg_authid;",
        "grep -q SCRAM-SHA-256 $SAID",
    ),
    Attack(
        "the verifiers of passwords, by the pooler's function",
        "SELECT * FROM pgbouncer.get_auth('app');",
        "grep -q SCRAM-SHA-256 $SAID",
        (
            sql(
                "GRANT USAGE ON SCHEMA pgbouncer TO app",
                "REVOKE ALL ON SCHEMA pgbouncer FROM app",
                "app",
            ),
            sql(
                "GRANT EXECUTE ON FUNCTION pgbouncer.get_auth TO app",
                "REVOKE ALL ON FUNCTION pgbouncer.get_auth FROM app",
                "app",
            ),
        ),
    ),
    his(
        "a setting of the superuser's sessions",
        "ALTER ROLE postgres SET search_path = attack;",
        after=f"{AS_POSTGRES} 'ALTER ROLE postgres RESET search_path'",
    ),
    his(
        "an event trigger",
        "CREATE FUNCTION attack_e() RETURNS event_trigger LANGUAGE plpgsql"
        " AS 'BEGIN END'; CREATE EVENT TRIGGER attack_e ON ddl_command_end EXECUTE FUNCTION"
        " attack_e(); DROP EVENT TRIGGER attack_e; DROP FUNCTION attack_e();",
        after=f"{AS_POSTGRES} 'DROP FUNCTION IF EXISTS attack_e()'",
    ),
    his("triggers and foreign keys, off", "SET session_replication_role = 'replica';"),
    his(
        "what tables of all are told to others",
        "CREATE PUBLICATION attack FOR ALL TABLES; DROP PUBLICATION attack;",
    ),
    his(
        "a cast of everybody's types",
        "CREATE CAST (date AS int) WITHOUT FUNCTION; DROP CAST (date AS int);",
    ),
    his(
        "rights to what the superuser makes later",
        "ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT ALL ON TABLES TO app;"
        " ALTER DEFAULT PRIVILEGES FOR ROLE postgres REVOKE ALL ON TABLES FROM app;",
    ),
    his("everybody's statistics, forgotten", "SELECT pg_stat_reset_shared('bgwriter');"),
    his(
        "the end of a superuser's session",
        "SELECT pg_terminate_backend(pid) FROM"
        " pg_stat_activity WHERE usename = 'postgres' AND datname = 'postgres';",
        "grep -qx t $SAID",
        BESIDE_ENDS,
        SESSION,
    ),
    Attack(
        "what others ask",
        "SELECT query FROM pg_stat_activity;",
        SEEN,
        (granted("pg_read_all_stats"),),
        SESSION,
        BESIDE_ENDS,
    ),
    Attack(
        "a table in the administrators' database",
        "\\c postgres\nCREATE TABLE public.attack (n int); SELECT 'made';",
        "grep -qx made $SAID",
        (
            sql("GRANT ALL ON SCHEMA public TO app", "REVOKE ALL ON SCHEMA public FROM app"),
            sql(
                "GRANT CONNECT ON DATABASE postgres TO app",
                "REVOKE CONNECT ON DATABASE postgres FROM app",
            ),
        ),
        after="cd /; runuser -u postgres -- psql -XAtqc 'DROP TABLE IF EXISTS public.attack'",
    ),
    Attack(
        "what all sessions of the database begin with",
        "ALTER DATABASE app SET search_path = attack; SELECT 'set';",
        "grep -qx set $SAID",
        (OWNER,),
        after=f"{AS_POSTGRES} 'ALTER DATABASE app RESET search_path'",
    ),
    Attack(
        "a function that maintenance runs as superuser",
        TRAP,
        "{ cd /; timeout 60 runuser -u postgres -- postgres-maintenance vacuum >/dev/null 2>&1;"
        f" }}; {AS_POSTGRES} 'SELECT who FROM attack.caught' | grep -qx postgres",
        (PIN,),
        bait=f"{AS_POSTGRES} '{PATH}'",
        after=f"{AS_POSTGRES} 'ALTER DATABASE app RESET search_path';"
        f" {AS_POSTGRES} 'DROP SCHEMA IF EXISTS attack CASCADE'",
    ),
)
