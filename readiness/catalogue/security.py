"""The checklist: security."""

from __future__ import annotations

from .line import Line

AREA = "Security"

LINES = (
    Line(
        "SEC-01",
        AREA,
        what=(
            "the application's database role owns its schema and no database; what it "
            "makes is never run as superuser ([Who runs what](database.md#who-runs-"
            "what))"
        ),
        why="a role that owns too much makes a hole in the application the host's",
        do="deploy.py; docs/database.md#who-runs-what",
        settings=("postgres.extensions",),
    ),
    Line(
        "SEC-02",
        AREA,
        what=(
            "a build spoils its own release and nothing else; what was changed since it"
            " was built is named, not used again, and built anew "
            "([Builds](builds.md#builds))"
        ),
        why="a package that somebody took over runs at each build",
        do="app-release verify; deploy.py",
    ),
    Line(
        "SEC-03",
        AREA,
        what=(
            "root follows nobody's links: runs, backups, restores, drills, log rotation"
            " and releases write, read and ask nothing outside of a folder, whoever "
            "flips links in it; a file of nothing but holes keeps no backup waiting"
            " ([security.md](security.md))"
        ),
        why="a link is the oldest way to have root write elsewhere",
        do="deploy.py",
        settings=("backup.paths", "backup.hollow_gb"),
    ),
    Line(
        "SEC-04",
        AREA,
        what=("what another site makes a browser ask for bans nobody; a proxy is never banned"),
        why="a picture on another site could shut out your visitors",
        do="deploy.py; bans.web_hostile",
        settings=("bans.web_hostile",),
    ),
    Line(
        "SEC-05",
        AREA,
        what=(
            "what is no longer maintained is said: ends of life, known holes, pending "
            "fixes; no answer is not a good one; what readyhost installs from an index "
            "has a hash ([Still maintained?](maintained.md#still-maintained))"
        ),
        why="software without fixes gets worse by itself",
        do="host-maintained there; docs/maintained.md",
        settings=("maintained",),
    ),
    Line(
        "SEC-06",
        AREA,
        what=(
            "what leaves and what comes in is what should: no metadata address, no "
            "claim of a proxy, no packed body, no script of a visitor"
        ),
        why="a metadata address gives away a cloud's keys",
        do="deploy.py; app.denied_networks",
        settings=("app.denied_networks", "nginx.passed_headers"),
    ),
    Line(
        "SEC-07",
        AREA,
        what=(
            "who takes over a host, with all its keys, destroys no backup that is away "
            "from it; a host that alone has its backups says so after each run "
            "([Somebody else had root](intrusion.md))"
        ),
        why="who has the host has its backups",
        do="backup.offsite with versions, or backup.pull",
        settings=("backup.offsite", "backup.mirror", "backup.pull", "backup.local_only"),
    ),
    Line(
        "SEC-08",
        AREA,
        what=(
            "an intruder in the application, a build, the database role, an upload, "
            "another site, a neighbour or a service gets no further: more than a "
            "hundred attacks, each seen to work without what stops it; ssh, cron, "
            "rsyslog and fail2ban may do what they need ([red-team.md](red-team.md#the-"
            "red-team), [hardening.md](hardening.md))"
        ),
        why="a service that may do everything does, for who took it over",
        do="deploy.py; docs/hardening.md",
    ),
)
