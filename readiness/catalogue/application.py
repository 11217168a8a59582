"""The checklist: application."""

from __future__ import annotations

from .line import Line

AREA = "Application"

LINES = (
    Line(
        "APP-01",
        AREA,
        what="Python: twice the cores and one processes",
        why="cores that wait while visitors do",
        do="app.web; systemctl status 'app-web-*'",
        settings=("app.web",),
    ),
    Line(
        "APP-02",
        AREA,
        what="Node.js: one a core, production mode, the release's own modules",
        why="as APP-01, and development mode is slow and tells too much",
        do="app.web; deploy.py",
        settings=("app.web", "app.node"),
    ),
    Line(
        "APP-03",
        AREA,
        what="a process that dies is back at once, and no client notices",
        why="a crash at night is not noticed by anybody",
        do="deploy.py; journalctl -u what is named",
        settings=("app.restart_delay_seconds",),
    ),
    Line(
        "APP-04",
        AREA,
        what=(
            "one that takes too much memory is started again, alone, also of several "
            "that one makes; it is named"
        ),
        why="one process that leaks takes the host with it",
        do="deploy.py; app.web.memory_process_mb",
        settings=("app.web", "app.web.forks"),
    ),
    Line(
        "APP-05",
        AREA,
        what="requests that run are finished before a process stops",
        why="a release would cut off requests",
        do="deploy.py; app.drain_seconds",
        settings=("app.drain_seconds",),
    ),
    Line(
        "APP-06",
        AREA,
        what="secrets are in one file that the service alone reads",
        why="a secret that others can read is none",
        do="deploy.py; chmod o-rwx what is named",
        settings=("app.env",),
    ),
    Line(
        "APP-07",
        AREA,
        what="`/health` is 503 while database or cache are away",
        why="a process that answers without its database serves errors",
        do="readyhost ENV logs; app.health",
        settings=("app.health",),
    ),
    Line(
        "APP-08",
        AREA,
        what="workers and scheduled jobs",
        why="mail and clean-ups silently stop",
        do="systemctl status what is named",
        settings=("app.workers", "app.jobs"),
    ),
    Line(
        "APP-09",
        AREA,
        what="each process sees and writes its own folders only",
        why="a hole in the application is one in the host",
        do="deploy.py; docs/security.md",
    ),
    Line(
        "APP-10",
        AREA,
        what="error tracking gets DSN, environment and release",
        why="errors are found by visitors instead",
        do="app.sentry_dsn: a secret, READYHOST_APP__SENTRY_DSN in ENV.env",
        settings=("app.sentry_dsn",),
    ),
    Line(
        "APP-11",
        AREA,
        what=("common servers start as their manuals say, on a socket or a port, sandboxed"),
        why="a server that is started otherwise than it is tested fails otherwise",
        do="deploy.py; app.web.listen",
        settings=("app.web.listen", "app.kind"),
    ),
    Line(
        "APP-12",
        AREA,
        what=(
            "values come under the application's own names and schemes; builds see throw-away ones"
        ),
        why="an application that finds no value starts with a wrong default",
        do="app.names; deploy.py",
        settings=("app.names",),
    ),
    Line(
        "APP-13",
        AREA,
        what=(
            "several applications on one host are out of each other's reach, one's release is no "
            "other's"
        ),
        why="one that is taken over, or floods, takes the others' data and visitors with it",
        do="[apps.NAME]; deploy.py (docs/applications.md)",
        settings=("apps",),
        is_shown=False,
    ),
    Line(
        "APP-14",
        AREA,
        what=(
            "a back end and a front end of one tag are one release: built by folder, live and "
            "back in the same instant; of a front end only its output is kept. An application "
            "may be only files"
        ),
        why="a page of one release that asks another's back end fails for its visitor",
        do="app.builds; deploy.py",
        settings=("app.builds", "app.kind"),
        is_shown=False,
    ),
    Line(
        "APP-15",
        AREA,
        what=(
            "the language's version is the application's: a Python beside the system's, built "
            "from a signed source or taken by its digest, root's, part of what a release is "
            "made from"
        ),
        why="an application that wants another version does not start, or runs otherwise",
        do="app.python.version, app.node.version; deploy.py",
        settings=("app.python", "app.node"),
        is_shown=False,
    ),
    Line(
        "APP-16",
        AREA,
        what=(
            "several kinds of processes answer HTTP, by path or host name, each with its own "
            "number, health, timeout and runtime; proven, switched and rolled back together"
        ),
        why="a path that no process has fails for its visitor",
        do="app.http; deploy.py",
        settings=("app.http",),
        is_shown=False,
    ),
    Line(
        "APP-17",
        AREA,
        what=(
            "uploads lie in S3-compatible storage: tried before the first change, the application's"
            " by its own names, given out by Nginx, signed where the bucket is private"
            " ([external.md](external.md#a-bucket-for-uploads))"
        ),
        why="files on one host's disk are lost with it, and a second host has none of them",
        do="app.storage, app.bucket; deploy.py",
        settings=("app.storage", "app.bucket"),
        is_shown=False,
    ),
)
