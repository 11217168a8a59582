"""A job board."""

from __future__ import annotations

from .system import System, wish

JOBS = System(
    "SYS-02",
    "Job board",
    "jobs/readyhost.toml",
    "systems/test_jobs.py",
    (
        wish("1000 users at once and more", "HOST-05 WEB-01 LOAD-01"),
        wish("FastAPI by Gunicorn with Uvicorn workers, 2 x cores + 1", "APP-01 APP-11"),
        wish("Next.js: `npm run build`, code splitting, hashed assets", "APP-16 WEB-14"),
        wish("PostgreSQL by POSTGRES_HOST, _PORT, _USER, _PASSWORD, _DB", "APP-12"),
        wish("pool of 20 and 40 more, recycled after 1 h, pre-ping", "DB-02 DB-03"),
        wish("indexes by a script", "DB-06"),
        wish("Redis: REDIS_ENABLED, REDIS_URL, 300 s, AOF or RDB", "CACHE-01 CACHE-02 CACHE-03"),
        wish("uploads, cached for 30 days and backed up", "WEB-06 BAK-03"),
        wish("SECRET_KEY, lifetime of tokens", "APP-06", "`app.env`"),
        wish("60 requests a minute and 1000 an hour by address", "WEB-04"),
        wish("text is compressed", "WEB-03"),
        wish("documentation is closed", "WEB-10"),
        wish("HTTPS, security headers", "WEB-02 WEB-05"),
        wish("access.log and error.log", "LOG-01 LOG-02"),
        wish("VACUUM weekly, indexes monthly", "DB-07"),
        wish("backups for 30 days, restore tested", "BAK-01 BAK-02 BAK-05"),
        wish("p95 below 500 ms (200 ms cached), errors below 0.1 %", "MON-02 LOAD-02 WEB-12"),
        wish("500 to 1000 requests a second, 99.9 %", "LOAD-01 MON-04"),
        wish("10,000 requests by 1000 users", "LOAD-01 LOAD-02"),
        wish("a second back end, replicas, Redis cluster", "WEB-08 DB-09 CACHE-04 SCALE-01"),
    ),
)
