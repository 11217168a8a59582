"""The checklist: releases."""

from __future__ import annotations

from .line import Line

AREA = "Releases"

LINES = (
    Line(
        "REL-01",
        AREA,
        what="a tag goes live without a lost request",
        why="a release at noon must not be an event",
        do="pyinfra inventories/ENV.py deploy.py --data tag=TAG",
        settings=("app.tag", "app.signed_by", "app.health"),
    ),
    Line(
        "REL-02",
        AREA,
        what=(
            "one that does not build, migrate or answer never takes a request; one that"
            " goes bad is rolled back"
        ),
        why="who watches no release learns of a bad one from visitors",
        do="app.watch; app-release list",
        settings=("app.watch",),
    ),
    Line(
        "REL-03",
        AREA,
        what="the one before, or any other, is back in seconds",
        why="the fastest repair is the release before",
        do="release once more: then there is one to go back to",
        settings=("app.keep_releases",),
    ),
    Line(
        "REL-04",
        AREA,
        what="one deploy at a time; who, what and when is kept",
        why="two at once leave neither, and nobody knows who it was",
        do="app-release status",
    ),
    Line(
        "REL-05",
        AREA,
        what="test, then deploy, from GitHub Actions ([ci.md](ci.md))",
        why="what nobody tested is tested by visitors",
        do="docs/ci.md",
        is_shown=False,
    ),
    Line(
        "REL-06",
        AREA,
        what=(
            "nothing stale is reused: a changed way to build builds the same tag again "
            "([Builds](builds.md#builds)); lock files and versions are obeyed or "
            "refused in words ([which](builds.md#lock-files-and-versions))"
        ),
        why="what was built otherwise than its tag says is nobody's code",
        do="app-release verify, then deploy.py",
        settings=("app.build", "app.hooks"),
    ),
    Line(
        "REL-07",
        AREA,
        what=(
            "a failure names its cause: last lines, exit status, signal, memory "
            "ceiling, deadline, the setting; what can be seen beforehand is refused "
            "beforehand ([Whose a host is](host.md#whose-a-host-is-and-one-run-at-a-"
            "time))"
        ),
        why="a failure without a cause takes hours",
        do="docs/application.md",
        settings=("base.take_over",),
        is_shown=False,
    ),
    Line(
        "REL-08",
        AREA,
        what=(
            "commands, shells, `psql` and logs from the operator's machine: in the "
            "application's sandbox, bounded, recorded ([commands.md](commands.md))"
        ),
        why="a hand on the host has more rights than it needs",
        do="deploy.py; docs/commands.md",
        settings=("app.run",),
    ),
    Line(
        "REL-09",
        AREA,
        what=(
            "one run at a time over a host; a lost one is said in a sentence, and "
            "completed by the next"
        ),
        why="two runs undo each other",
        do="wait for the run that is going on",
        settings=("ssh.wait_seconds",),
    ),
)
