"""An intruder with the application's database role: any SQL, on a connection of his own."""

from __future__ import annotations

from .attack import BESIDE_ENDS, LOOT, PLACE, Attack, Protection, beside, edited, sql

SUPERUSER = sql("ALTER ROLE app SUPERUSER", "ALTER ROLE app NOSUPERUSER")
OWNER = sql(
    "ALTER DATABASE app OWNER TO app",
    "ALTER DATABASE app OWNER TO postgres; GRANT ALL ON DATABASE app TO app",
)
PIN = edited("/usr/local/sbin/postgres-maintenance", "/^export PGOPTIONS/d", "true")
AS_POSTGRES = "cd /; runuser -u postgres -- psql -XAtq -d app -c"
SEEN = f"grep -qF {LOOT} $SAID"
MOST = 88  # of the 100 connections, less the reserved ones and the pooler's own
FILE = f"{PLACE}/postgres-alone"
BAIT = f"echo {LOOT} >{FILE}; chown postgres {FILE}; chmod 600 {FILE}"


def granted(role: str) -> Protection:
    return sql(f"GRANT {role} TO app", f"REVOKE {role} FROM app")


def his(
    name: str, tries: str, worked: str = "! grep -q ERROR $SAID", after: str = "", bait: str = ""
) -> Attack:
    """What a superuser may, and nobody else."""
    return Attack(name, tries, worked, (SUPERUSER,), bait, after)


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

EXPORTED = "/etc/prometheus/readyhost-postgres.yml"
EXPORTER = "systemctl restart prometheus-postgres-exporter; sleep 1"

ATTACKS = (
    Attack(
        "a series for each name that he gives his session",
        "\\! for i in 1 2 3; do PGPORT=5432 PGAPPNAME=attack-$i psql -qc 'SELECT pg_sleep(9)'"
        " >/dev/null 2>&1 & done; sleep 1",
        "curl -sS http://127.0.0.1:9187/metrics >/tmp/attack-series;"
        " grep -q ^pg_stat_activity_count /tmp/attack-series"
        " && grep -q attack-3 /tmp/attack-series",
        (
            # As the exporter itself asks from 0.12 on.
            edited(
                EXPORTED,
                "s/(SELECT datname, state),/\\1, application_name,/;"
                "s/(GROUP BY datname, state)/\\1, application_name/;"
                "s/^( *)- state:/\\1- application_name: {usage: LABEL, description: his}\\n&/",
                EXPORTER,
            ),
        ),
        after="rm -f /tmp/attack-series; sleep 8",
    ),
    his("a file of the server, by a function", f"SELECT pg_read_file('{FILE}');", SEEN, bait=BAIT),
    Attack(
        "a file of the server, by COPY",
        f"CREATE TEMP TABLE t (w text); COPY t FROM '{FILE}'; SELECT * FROM t;",
        SEEN,
        (granted("pg_read_server_files"),),
        BAIT,
    ),
    Attack(
        "a file of the server, by a large object",
        f"SELECT lo_import('{FILE}', 4711); SELECT convert_from(lo_get(4711), 'UTF8');"
        " SELECT lo_unlink(4711);",
        SEEN,
        (SUPERUSER,),
        BAIT,
    ),
    Attack(
        "a program on the server",
        "COPY (SELECT 1) TO PROGRAM 'touch /tmp/attack-program';",
        "test -e /tmp/attack-program",
        (granted("pg_execute_server_program"),),
        after="rm -f /tmp/attack-program",
    ),
    his(
        "a file that he writes",
        "COPY (SELECT 1) TO '/tmp/attack-file';",
        "test -e /tmp/attack-file",
        "rm -f /tmp/attack-file",
    ),
    his(
        "a function of a library",
        "CREATE FUNCTION attack_c(int) RETURNS bytea AS"
        " '$libdir/pgcrypto', 'pg_random_bytes' LANGUAGE c; DROP FUNCTION attack_c(int);",
    ),
    his(
        "an untrusted language",
        "CREATE FUNCTION attack_i(internal) RETURNS internal AS"
        " 'array_agg_finalfn' LANGUAGE internal; DROP FUNCTION attack_i(internal);",
    ),
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
        "the server's configuration",
        "ALTER SYSTEM SET work_mem = '5MB';",
        after="cd /; runuser -u postgres -- psql -XAtqc 'ALTER SYSTEM RESET work_mem'",
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
    *(
        his(name, f"SELECT {call};", "! grep -qE 'ERROR|denied' $SAID")
        for name, call in (
            ("the server's files and rules", "pg_hba_file_rules()"),
            ("the server's configuration, read again", "pg_reload_conf()"),
            ("another file of the write-ahead log", "pg_switch_wal()"),
            ("another file of the server's log", "pg_rotate_logfile()"),
            ("a mark in the write-ahead log", "pg_create_restore_point('attack')"),
        )
    ),
    his("a checkpoint of his", "CHECKPOINT;"),
    his(
        "more connections than his own",
        "ALTER ROLE app CONNECTION LIMIT 1000;",
        after=f"{AS_POSTGRES} 'ALTER ROLE app CONNECTION LIMIT {MOST}'",
    ),
    Attack(
        "every connection of the server, past the pooler",
        "\\! for i in $(seq 99); do PGPORT=5432 psql -qc 'SELECT pg_sleep(20)'"
        " >/dev/null 2>&1 & done; sleep 8",
        f"test $({AS_POSTGRES} \"SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'\")"
        " -gt 90",
        (sql("ALTER ROLE app CONNECTION LIMIT -1", f"ALTER ROLE app CONNECTION LIMIT {MOST}"),),
        after=f'{AS_POSTGRES} "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE'
        " query ~ 'pg_sleep' AND usename = 'app'\" >/dev/null; sleep 0.5",
    ),
    his("what he does, out of the server's log", "SET log_min_messages = 'panic';"),
    his("triggers and foreign keys, off", "SET session_replication_role = 'replica';"),
    his("room without end for temporary files", "SET temp_file_limit = -1;"),
    his("a library in his session", "LOAD 'auto_explain';"),
    his(
        "what tables of all are told to others",
        "CREATE PUBLICATION attack FOR ALL TABLES; DROP PUBLICATION attack;",
    ),
    his(
        "a door to other servers",
        "CREATE FOREIGN DATA WRAPPER attack; DROP FOREIGN DATA WRAPPER attack;",
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
    *(
        his(f"the extension {name}", f"CREATE EXTENSION {name}; DROP EXTENSION {name};")
        for name in ("dblink", "postgres_fdw", "file_fdw", "pageinspect")
    ),
    Attack(
        "an extension that PostgreSQL trusts everybody with",
        "CREATE EXTENSION tcn; DROP EXTENSION tcn;",
        "! grep -q ERROR $SAID",
        (
            sql(
                "ALTER EVENT TRIGGER only_listed_extensions DISABLE",
                "ALTER EVENT TRIGGER only_listed_extensions ENABLE ALWAYS",
                "app",
            ),
        ),
    ),
    his(
        "a log of what is written (replication)",
        "SELECT pg_create_physical_replication_slot('attack');"
        " SELECT pg_drop_replication_slot('attack');",
    ),
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
