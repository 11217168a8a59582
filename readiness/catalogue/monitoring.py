"""The checklist: monitoring."""

from __future__ import annotations

from .line import Line

AREA = "Monitoring"

LINES = (
    Line(
        "MON-01",
        AREA,
        what=(
            "the host, PostgreSQL, PgBouncer, Redis, Nginx and each process are measured and kept"
            " ([monitoring.md](monitoring.md))"
        ),
        why="what grows slowly is seen only by who compares it with last week",
        do="systemctl status prometheus; monitoring.mode",
        settings=("monitoring.mode",),
    ),
    Line(
        "MON-04",
        AREA,
        what="each application's health is asked for by its public name, through Nginx",
        why="a process that runs may still answer nobody",
        do="readyhost ENV status; monitoring.mode",
        settings=("monitoring.mode",),
    ),
    Line(
        "MON-05",
        AREA,
        what="what was measured is one page, with releases as marks on its time axis",
        why="nobody looks at numbers that are hard to come by",
        do="readyhost ENV dashboard",
        settings=("monitoring.mode",),
        is_shown=False,
    ),
    Line(
        "MON-08",
        AREA,
        what=(
            'where another Prometheus keeps the numbers (`monitoring.mode = "remote"`), it alone'
            " reads them: from its addresses, with a certificate of an authority of yours"
        ),
        why="numbers tell strangers when a host is weak, and reading them costs it",
        do="monitoring.scraped_from and monitoring.scraped_ca_file",
        settings=("monitoring.scraped_from", "monitoring.scraped_ca_file"),
        is_shown=False,
    ),
    Line(
        "MON-09",
        AREA,
        what=(
            "what is measured arrives where it is sent as well (`monitoring.remote_write`), also"
            " what was measured while nobody took it"
        ),
        why="a host that is lost takes its own numbers with it",
        do="ssh HOST journalctl -u prometheus; monitoring.remote_write",
        settings=("monitoring.remote_write",),
    ),
)
