"""What is shown: panels, and the questions to Prometheus behind them."""

from __future__ import annotations

from dataclasses import dataclass

# WINDOW stands for what a rate is taken over; it follows from the range that is shown.
_CLASSES = "sum by (class) (rate(readyhost_request_duration_seconds_count[WINDOW]))"
_BUCKETS = "sum by (le) (rate(readyhost_request_duration_seconds_bucket[WINDOW]))"
_ALL = "sum(rate(readyhost_request_duration_seconds_count[WINDOW]))"
_BAD = 'sum(rate(readyhost_request_duration_seconds_count{class="5xx"}[WINDOW]))'


@dataclass(frozen=True)
class Line:
    """A question, and how its series are called: words with labels in braces."""

    words: str
    query: str


@dataclass(frozen=True)
class Panel:
    """unit: one of those that `ticks` knows; top: how high the axis goes at least."""

    group: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    top: float = 0


RELEASES = (
    "readyhost_release_switched_timestamp_seconds * on (app) group_left (tag)"
    " readyhost_release_info"
)
PANELS = (
    Panel(
        "Host", "CPU", "%",
        (
            Line("busy", '100 * (1 - avg(rate(node_cpu_seconds_total{mode="idle"}[WINDOW])))'),
            Line("stolen", '100 * avg(rate(node_cpu_seconds_total{mode="steal"}[WINDOW]))'),
        ),
        top=100,
    ),
    Panel(
        "Host", "Memory in use", "%",
        (
            Line(
                "memory",
                "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)",
            ),
            Line("swap", "100 * (1 - node_memory_SwapFree_bytes / node_memory_SwapTotal_bytes)"),
        ),
        top=100,
    ),
    Panel(
        "Host", "Disk in use", "%",
        (
            Line(
                "{mountpoint}",
                "100 * max by (mountpoint) (1 - node_filesystem_avail_bytes"
                " / node_filesystem_size_bytes)",
            ),
        ),
        top=100,
    ),
    Panel(
        "Host", "Network", "B/s",
        (
            Line("in", 'sum(rate(node_network_receive_bytes_total{device!="lo"}[WINDOW]))'),
            Line("out", 'sum(rate(node_network_transmit_bytes_total{device!="lo"}[WINDOW]))'),
        ),
    ),
    Panel("Web", "Requests", "/s", (Line("{class}", _CLASSES),)),
    Panel(
        "Web", "Duration", "s",
        tuple(
            Line(f"p{share}", f"histogram_quantile(0.{share}, {_BUCKETS})")
            for share in (50, 95, 99)
        ),
    ),
    Panel("Web", "Errors (5xx)", "%", (Line("of all requests", f"100 * {_BAD} / {_ALL}"),), top=1),
    Panel(
        "Web", "Health, as a visitor has it", "s",
        (Line("{app}", 'max by (app) (probe_duration_seconds{app!=""})'),),
    ),
    Panel(
        "Processes", "Memory by unit", "B",
        (Line("{unit}", "topk(8, readyhost_unit_memory_bytes)"),),
    ),
    Panel(
        "Processes", "CPU by unit", "cores",
        (Line("{unit}", "topk(8, rate(readyhost_unit_cpu_seconds_total[WINDOW]))"),),
    ),
    Panel(
        "Database", "Connections", "",
        (
            Line("{state}", "sum by (state) (pg_stat_activity_count) > 0"),
            Line("waiting for the pool", "sum(pgbouncer_pools_client_waiting_connections)"),
        ),
        top=10,
    ),
    Panel(
        "Database", "Transactions", "/s",
        (
            Line("committed", "sum(rate(pg_stat_database_xact_commit[WINDOW]))"),
            Line("rolled back", "sum(rate(pg_stat_database_xact_rollback[WINDOW]))"),
        ),
    ),
    Panel(
        "Cache", "Memory of Redis", "B",
        (Line("in use", "redis_memory_used_bytes"), Line("at most", "redis_memory_max_bytes")),
    ),
    Panel(
        "Cache", "Redis", "/s",
        (
            Line("commands", "rate(redis_commands_processed_total[WINDOW])"),
            Line("evicted", "rate(redis_evicted_keys_total[WINDOW])"),
        ),
    ),
)  # fmt: skip
