"""An intruder with the application's database role, by any SQL on a connection of his own: at the
server's files, programs, configuration and room."""

from __future__ import annotations

from .attack import LOOT, PLACE, Attack, edited, sql
from .database_role import AS_POSTGRES, SEEN, SUPERUSER, granted, his

MOST = 88  # of the 100 connections, less the reserved ones and the pooler's own
FILE = f"{PLACE}/postgres-alone"
BAIT = f"echo {LOOT} >{FILE}; chown postgres {FILE}; chmod 600 {FILE}"

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
    his(
        "the server's configuration",
        "ALTER SYSTEM SET work_mem = '5MB';",
        after="cd /; runuser -u postgres -- psql -XAtqc 'ALTER SYSTEM RESET work_mem'",
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
    his("room without end for temporary files", "SET temp_file_limit = -1;"),
    his("a library in his session", "LOAD 'auto_explain';"),
    his(
        "a door to other servers",
        "CREATE FOREIGN DATA WRAPPER attack; DROP FOREIGN DATA WRAPPER attack;",
    ),
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
)
