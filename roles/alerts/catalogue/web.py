"""What visitors notice."""

from __future__ import annotations

from ..alert import LOAD, Alert

_SECONDS = "readyhost_request_duration_seconds"
_ALL = f"sum by (instance, app) (rate({_SECONDS}_count[$window]))"
_ENOUGH = f"sum by (instance, app) (increase({_SECONDS}_count[$window])) >= $requests"
_APP = "{{ $labels.app }}"

ALERTS = (
    Alert(
        "SiteDown",
        "the site does not answer",
        "probe_success == 0",
        60,
        "critical",
        "the probe of {{ $labels.instance }} fails",
        "Look which process is not up, and what it says. A release that does it is rolled back by"
        " rollback.py. Nginx answers 502 while no process of the application is there.",
        "readyhost ENV status",
    ),
    Alert(
        "Errors",
        "the application answers with errors",
        f'100 * sum by (instance, app) (rate({_SECONDS}_count{{class=~"5.*"}}[$window]))'
        f" / {_ALL} > $errors_percent and {_ENOUGH}",
        120,
        "critical",
        f'{_APP}: {{{{ $value | printf "%.1f" }}}} % of the answers are 5xx',
        "The log has a line and a request id for each. If it began with a release, go back first:"
        " pyinfra inventories/ENV.py rollback.py.",
        "readyhost ENV logs --since 15m --grep '\"status\": ?5'",
        limits=("errors_percent", "requests"),
        keys=("alerts.window_seconds",),
    ),
    Alert(
        "SlowP95",
        "visitors wait",
        f"1000 * histogram_quantile(0.95, sum by (instance, app, le)"
        f" (rate({_SECONDS}_bucket[$window]))) > $p95_ms and {_ENOUGH}",
        300,
        "warning",
        f'{_APP}: 95 of 100 requests within {{{{ $value | printf "%.0f" }}}} ms',
        "See whether CPU, connections or the pooler's queue are at their bound too: then the host"
        " is too small, or a query too slow (pg_stat_statements). Else it is the application.",
        "readyhost ENV status",
        limits=("p95_ms", "requests"),
        keys=("alerts.window_seconds",),
        explained=LOAD,
    ),
    Alert(
        "SlowAnswers",
        "some answers take more than a second",
        f"100 * (1 - sum by (instance, app) (rate({_SECONDS}_bucket"
        f'{{le=~"1|1.0"}}[$window])) / {_ALL}) > $slow_percent and {_ENOUGH}',
        300,
        "warning",
        f'{_APP}: {{{{ $value | printf "%.1f" }}}} % of the answers took more than 1 s',
        "Find the paths in Nginx's log, by request_time. What takes long belongs into a worker.",
        "readyhost ENV logs --since 15m --grep request_time",
        limits=("slow_percent", "requests"),
        keys=("alerts.window_seconds",),
        explained=LOAD,
    ),
)
