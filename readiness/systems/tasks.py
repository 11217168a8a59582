"""A task board."""

from __future__ import annotations

from .system import System, wish

TASKS = System(
    "SYS-03",
    "Task board",
    "systems/tasks.toml",
    "systems/test_tasks.py",
    (
        wish("Express", "APP-02 APP-11"),
        wish(
            "a front end on another host that calls with credentials",
            "WEB-09",
            "`nginx.cors_origins`",
        ),
        wish("MongoDB by MONGODB_URI (Atlas, replica set)", "DB-11"),
        wish("Redis by REDIS_URL, 300 s", "CACHE-01 CACHE-03"),
        wish("JWT_SECRET, SENTRY_DSN, ALLOWED_ORIGINS", "APP-06 APP-10 APP-12"),
        wish("100 requests in 15 minutes on /api/", "WEB-17 WEB-04"),
        wish("a CDN", "WEB-11 WEB-15"),
        wish(
            "p95 below 500 ms, errors below 0.1 %, CPU 70, memory 80, disk 75 %",
            "MON-02 LOAD-02",
        ),
        wish("queries below 100 ms", "DB-11", "the provider's slow query log"),
        wish("structured logs", "LOG-01 LOG-03"),
        wish("CI/CD", "REL-05"),
        wish("a way back from a deployment", "REL-02 REL-03"),
        wish("HTTPS, security headers", "WEB-02 WEB-05"),
        wish("load balancer, replica set, growth to 100,000 users", "WEB-08 SCALE-01 DB-11"),
    ),
)
