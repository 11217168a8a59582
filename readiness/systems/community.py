"""A community."""

from __future__ import annotations

from .system import System, wish

COMMUNITY = System(
    "SYS-05",
    "Community",
    "systems/community.toml",
    "systems/test_community.py",
    (
        wish("200 to 500 users at once", "WEB-01 HOST-05 LOAD-01"),
        wish("Express in TypeScript, its front end served with the API", "APP-02 APP-14 WEB-16"),
        wish(
            "PostgreSQL, pool of 50, at least 10, idle 30 s",
            "DB-02 DB-03",
            "the least is the driver's",
        ),
        wish("statements end after 60 s", "DB-04"),
        wish("bodies of 50 MB, requests of 60 s", "WEB-07"),
        wish("heap of 4 GB, restart at 1 GB, stop within 5 s", "APP-04 APP-05"),
        wish("secrets", "APP-06"),
        wish("rate limits, HTTPS, security headers", "WEB-02 WEB-04 WEB-05"),
        wish("mean below 200 ms, p95 below 500 ms, success above 99.5 %", "LOAD-02 MON-02"),
        wish("500 to 1000 requests a second", "LOAD-01"),
        wish("200 users, 1000 requests", "LOAD-01 LOAD-02"),
        wish("a slow query log", "DB-05"),
        wish("health, alerts", "APP-07 MON-02 MON-03 MON-04"),
        wish("a procedure to go back", "REL-03"),
        wish("backups, restore tested", "BAK-01 BAK-05"),
        wish("load balancer, replication, cache", "WEB-08 DB-09 CACHE-01"),
    ),
)
