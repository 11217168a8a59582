"""Notes."""

from __future__ import annotations

from .system import System, wish

NOTES = System(
    "SYS-04",
    "Notes",
    "systems/notes.toml",
    "systems/test_notes.py",
    (
        wish(
            "one server, all cores: a cluster of as many workers, never more",
            "APP-02 APP-04",
            "`app.web.forks`",
        ),
        wish("an API alone", "APP-02 REL-06"),
        wish("PostgreSQL, migrations", "DB-01 DB-06 REL-01"),
        wish("Redis for sessions", "CACHE-01 CACHE-02 APP-12"),
        wish("SESSION_SECRET, CORS_ORIGIN", "APP-06 APP-12 WEB-09"),
        wish("a warning per worker at 512 MB", "LOG-01", "the cluster's own; `readyhost ENV logs`"),
        wish("heap size, CPU and memory limits", "APP-04"),
        wish("a worker that dies is back", "APP-03"),
        wish("the cluster is faster than one process, measured", "LOAD-04"),
        wish("logs are rotated", "LOG-01"),
        wish("health checks", "APP-07 MON-04"),
        wish("alerts on failures of workers", "MON-03"),
        wish("100 connections, one process against the cluster", "LOAD-04"),
        wish("a procedure to go back", "REL-03"),
        wish("more servers later", "WEB-08 SCALE-01"),
    ),
)
