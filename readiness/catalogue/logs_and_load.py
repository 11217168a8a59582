"""The checklist: logs and load."""

from __future__ import annotations

from .line import Line

AREA = "Logs and load"

LINES = (
    Line(
        "LOG-01",
        AREA,
        what=(
            "a file for each process, rotated and compressed, no line lost; the journal is bounded"
        ),
        why="a full disk stops everything",
        do="deploy.py; logs",
        settings=("logs",),
    ),
    Line(
        "LOG-02",
        AREA,
        what="Nginx's log has the times of each request, and its id",
        why="a slow request cannot be found without its time and id",
        do="deploy.py",
        settings=("nginx.log_queries",),
    ),
    Line(
        "LOG-03",
        AREA,
        what=(
            "a log server has a copy of every line: it is known by its certificate, may be away,"
            " and gets no secret"
        ),
        why="who takes a host over can take its logs away, and a dead host tells nothing",
        do="systemctl status host-forward host-tunnel; logs.forward",
        settings=("logs.forward",),
    ),
    Line(
        "LOAD-01",
        AREA,
        what=(
            "1000 connections at once, without an error; `readyhost ENV load` loads your own"
            " application in stages, and says how many users it bears, what gives out first and"
            " what would move it ([load tests](load.md)). What it lifts is put back however it ends"
        ),
        why="visitors come all at once, and what a host bears nobody knows until it is asked",
        do="nginx.clients; readyhost ENV load ([load tests](load.md))",
        settings=(
            "nginx.clients",
            "load.allowed",
            "load.abort_errors_percent",
            "load.abort_disk_percent",
        ),
    ),
    Line(
        "LOAD-02",
        AREA,
        what=(
            "under a load test CPU, memory and database connections are measured in each stage:"
            " the report says from how many users on they are beyond 70, 80 and 80 %"
        ),
        why="a host that is full in peace has nothing left for a busy hour",
        do="readyhost ENV load",
        is_shown=False,
    ),
    Line(
        "LOAD-03",
        AREA,
        what=(
            "`readyhost ENV load --soak HOURS` names the process that leaks, and none that does not"
        ),
        why="a leak takes days to show, and then takes the night",
        do="readyhost ENV load --soak 24",
        is_shown=False,
    ),
    Line(
        "LOAD-04",
        AREA,
        what="`readyhost ENV load --single-process` says what more than one web process gains",
        why="processes that gain nothing take memory from the rest",
        do="readyhost ENV load --single-process",
        settings=("app.web.instances",),
        is_shown=False,
    ),
)
