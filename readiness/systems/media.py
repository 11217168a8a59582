"""A media platform."""

from __future__ import annotations

from .system import System, wish

MEDIA = System(
    "SYS-01",
    "Media platform",
    "systems/media.toml",
    "systems/test_media.py",
    (
        wish("1000 to 3000 users at once", "HOST-05 WEB-01 LOAD-01"),
        wish("Node.js 20 or later, `npm install`, `npm run build`", "APP-02 REL-06"),
        wish("a process manager that restarts, at boot too", "APP-03 HOST-06"),
        wish("a front end apart that calls the API", "APP-14 WEB-16"),
        wish("PostgreSQL by DATABASE_URL, at most 50 connections", "DB-01 DB-02 DB-03 APP-12"),
        wish(
            "an alert above 40 of 50 connections", "MON-02", "`alerts.limits.connections_percent`"
        ),
        wish("Redis later", "CACHE-01 CACHE-02"),
        wish(
            "files in S3-compatible storage (Wasabi)", "DB-11 WEB-17", "`app.storage`, `app.bucket`"
        ),
        wish("a CDN", "WEB-11 WEB-15"),
        wish("JWT_SECRET and the storage's keys are secrets", "APP-06 APP-12"),
        wish("rate limits", "WEB-04"),
        wish("HTTPS with a certificate that renews itself", "WEB-02"),
        wish("security headers, CORS", "WEB-05 WEB-09"),
        wish(
            "p95 below 500 ms, errors below 0.5 %, CPU below 60 %, memory below 70 %",
            "LOAD-02 MON-02",
        ),
        wish("a soak of 24 hours", "LOAD-03"),
        wish("loads of 100, 500 and 1000 users", "LOAD-01 LOAD-02"),
        wish("an uptime monitor", "MON-04 MON-06"),
        wish("error tracking", "APP-10"),
        wish("logs in one place", "LOG-01 LOG-03"),
        wish("daily backups, looked at every week", "BAK-01 BAK-04 BAK-05"),
        wish("rollback: the previous commit built and started", "REL-03"),
        wish("load balancer, read replica, dedicated database", "WEB-08 DB-09 SCALE-01 DB-11"),
    ),
)
