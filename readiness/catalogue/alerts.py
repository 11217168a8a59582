"""The checklist: alerts."""

from __future__ import annotations

from .line import Line

AREA = "Alerts"

LINES = (
    Line(
        "MON-02",
        AREA,
        what=(
            "somebody is told when the host becomes too small: CPU, memory, disks, connections,"
            " slow and failed answers ([alerts.md](alerts.md))"
        ),
        why="visitors notice it first, and say nothing",
        do="alerts.enabled and a receiver; docs/alerts.md",
        settings=("alerts.enabled", "alerts.limits"),
    ),
    Line(
        "MON-03",
        AREA,
        what=(
            "and of what breaks quietly: certificates, backups, drills, units, restarts, upgrades;"
            " each alert says what to look at, and which setting it is"
        ),
        why="it is noticed when it is needed, and then it is late",
        do="readyhost ENV alert-test; docs/alerts.md",
        settings=("alerts.enabled", "alerts.limits"),
    ),
    Line(
        "MON-06",
        AREA,
        what="somebody else notices when the host, or its monitoring, is dead",
        why="what is dead tells nothing",
        do="alerts.heartbeat_url, alerts.host_heartbeat_url: READYHOST_ALERTS__… in ENV.env",
        settings=("alerts.heartbeat_url", "alerts.host_heartbeat_url"),
    ),
    Line(
        "MON-07",
        AREA,
        what="what a release, backup or drill explains is told when it lasts after its end only",
        why="an alert at each release is soon read by nobody",
        do="readyhost ENV alerts",
        settings=("alerts.limits.busy_hours",),
        is_shown=False,
    ),
)
