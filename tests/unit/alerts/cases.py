"""For each rule: what makes it fire, and the same just short of it. promtool's clock begins at 0,
so a time stamp of 1 is as old as the test is long."""

from __future__ import annotations

from dataclasses import dataclass

from .promtool import Series

_REQUESTS = "readyhost_request_duration_seconds"


@dataclass(frozen=True)
class Case:
    """over: fires at `at`; under: does not. step: between two values."""

    name: str
    over: Series
    under: Series
    at: str = "40m"
    step: str = "1m"


def cpu(mode: str, percent: int) -> Series:
    """Seconds a minute of one core."""
    busy, rest = 60 * percent / 100, 60 - 60 * percent / 100
    return {
        f'node_cpu_seconds_total{{instance="h",mode="{mode}"}}': f"0+{busy}x50",
        'node_cpu_seconds_total{instance="h",mode="idle"}': f"0+{rest}x50",
    }


def disk(kind: str, avail: int, fstype: str = "ext4") -> Series:
    names = {
        "bytes": ("node_filesystem_avail_bytes", "node_filesystem_size_bytes"),
        "files": ("node_filesystem_files_free", "node_filesystem_files"),
    }[kind]
    labels = f'{{instance="h",mountpoint="/",fstype="{fstype}"}}'
    return {f"{names[0]}{labels}": f"{avail}x50", f"{names[1]}{labels}": "100x50"}


def _filling(a_minute: int, size: int, avail: int) -> Series:
    labels = '{instance="h",mountpoint="/",fstype="ext4"}'
    return {
        f"node_filesystem_avail_bytes{labels}": f"{avail}-{a_minute}x50",
        f"node_filesystem_size_bytes{labels}": f"{size}x50",
    }


def answers(a_minute: int, *, errors: int = 0, slow: int = 0, late: int = 0) -> Series:
    """Requests a minute. slow: longer than a second; late: between 0.5 and 1 s."""
    good = a_minute - errors
    labels = 'instance="h",app="app",class='
    fast = a_minute - slow - late
    return {
        f'{_REQUESTS}_count{{{labels}"2xx"}}': f"0+{good}x50",
        f'{_REQUESTS}_count{{{labels}"5xx"}}': f"0+{errors}x50",
        f'{_REQUESTS}_bucket{{{labels}"2xx",le="0.5"}}': f"0+{fast}x50",
        f'{_REQUESTS}_bucket{{{labels}"2xx",le="1"}}': f"0+{fast + late}x50",
        f'{_REQUESTS}_bucket{{{labels}"2xx",le="+Inf"}}': f"0+{a_minute}x50",
    }


def _one(series: str, over: str, under: str) -> tuple[Series, Series]:
    return {series: over}, {series: under}


def _used(series: str, whole: str, over: int, under: int) -> tuple[Series, Series]:
    """Shares of 1000."""
    return (
        {series: f"{over}x50", whole: "1000x50"},
        {series: f"{under}x50", whole: "1000x50"},
    )


def _sent(late: int) -> Series:
    """Minutes since the newest value that was taken. promtool's clock begins at 0, when Prometheus
    began as well."""
    labels = '{instance="h",job="prometheus"'
    return {
        f"prometheus_remote_storage_highest_timestamp_in_seconds{labels}}}": "3600+60x50",
        f'prometheus_remote_storage_queue_highest_sent_timestamp_seconds{labels},url="u"}}': (
            f"{3600 - 60 * late}+60x50"
        ),
    }


_HOUR = 3600
_DAY = 24 * _HOUR
BACKUP = 'readyhost_backup_success_timestamp_seconds{kind="files"}'
_DRILL = "readyhost_drill_success_timestamp_seconds"

CASES = (
    Case("SiteDown", *_one('probe_success{instance="x"}', "0x50", "1x50")),
    Case("Errors", answers(1000, errors=11), answers(1000, errors=10)),
    Case("SlowP95", answers(1000, late=51), answers(1000, late=49)),
    Case("SlowAnswers", answers(1000, slow=11), answers(1000, slow=9)),
    Case("Cpu", cpu("user", 71), cpu("user", 69)),
    Case("Steal", cpu("steal", 11), cpu("steal", 9)),
    Case(
        "Memory",
        *_used("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes", 199, 201),
    ),
    Case("Disk", disk("bytes", 24), disk("bytes", 26)),
    # A minute's step is one of 1440 a day.
    Case("DiskFullSoon", _filling(1, 3000, 1430), _filling(1, 3000, 1495), at="40m"),
    Case("Inodes", disk("files", 24), disk("files", 26)),
    Case("ServiceDown", *_one('pg_up{job="postgres"}', "0x50", "1x50")),
    Case("Connections", *_one('pg_stat_activity_count{instance="h"}', "81x50", "80x50")),
    Case(
        "PoolQueue", *_one('pgbouncer_pools_client_waiting_connections{user="a"}', "5x50", "4x50")
    ),
    Case("ReplicaLag", *_one("pg_replication_lag", "61x50", "60x50")),
    Case(
        "WalArchiving",
        *_one("readyhost_wal_archive_failed_timestamp_seconds", "1501x50", "1500x50"),
    ),
    Case("RedisMemory", *_used("redis_memory_used_bytes", "redis_memory_max_bytes", 901, 900)),
    Case("RedisEvictions", *_one("redis_evicted_keys_total", "0+61x50", "0+59x50")),
    Case(
        "Certificate",
        *_one(
            'readyhost_certificate_expiry_timestamp_seconds{name="a"}',
            f"{14 * _DAY + 59 * 60}x200",
            f"{14 * _DAY + 3 * _HOUR}x200",
        ),
        at="2h",
    ),
    Case(
        "BackupOld",
        *_one(BACKUP, "1x3000", f"{15 * 60}x3000"),
        at="30h10m",
        step="5m",
    ),
    Case("BackupFailed", *_one("backup_problems", "1x50", "0x50")),
    Case(
        "DrillOld",
        *_one(_DRILL, "1x3000", f"{3 * _HOUR}x3000"),
        at=f"{9 * 24 + 2}h",
        step="5m",
    ),
    Case("UnitFailed", *_one('readyhost_unit_failed{unit="x"}', "1x50", "0x50")),
    Case(
        "Restarts",
        *_one('readyhost_unit_restarts_total{unit="x"}', "0x20 3x30", "0x20 2x30"),
    ),
    Case("OutOfMemory", *_one('readyhost_unit_oom_kills_total{unit="x"}', "0x20 1x30", "0x50")),
    Case(
        "RolledBack",
        *_one(
            'readyhost_release_rolled_back_timestamp_seconds{app="app"}',
            f"{_HOUR + 60}x3000",
            f"{_HOUR}x3000",
        ),
        at="7h",
    ),
    Case("Stuck", *_one('readyhost_busy{what="drill"}', "1x3000", "1x300 0x200"), at="6h1m"),
    Case("Clock", *_one("readyhost_clock_synchronised", "0x50", "1x50")),
    Case("Reboot", *_one("readyhost_reboot_required", "1x3000", "1x30 0 1x3000"), "170h", "5m"),
    Case(
        "SecurityUpdates",
        {
            "readyhost_security_updates_oldest_timestamp_seconds": "1x3000",
            "readyhost_security_updates_pending": "1x3000",
        },
        {
            "readyhost_security_updates_oldest_timestamp_seconds": f"{3 * _HOUR}x3000",
            "readyhost_security_updates_pending": "1x3000",
        },
        "74h",
        "5m",
    ),
    Case(
        "EndOfLife",
        *_one(
            'readyhost_runtime_end_of_life_timestamp_seconds{runtime="python"}',
            f"{90 * _DAY + 59 * 60}x200",
            f"{90 * _DAY + 3 * _HOUR}x200",
        ),
        at="2h",
    ),
    Case(
        "KnownHole", *_one('readyhost_maintained_warnings{about="hole"}', "2x200", "0x200"), at="2h"
    ),
    Case("TargetDown", *_one('up{job="node"}', "0x50", "1x50")),
    Case("FactsOld", *_one("readyhost_facts_timestamp_seconds", "1499x50", "1500x50")),
    Case("FactsMissing", {}, {"readyhost_facts_timestamp_seconds": "1x50"}),
    Case(
        "RulesFail",
        *_one('prometheus_rule_evaluation_failures_total{rule_group="a"}', "0+1x50", "5x50"),
    ),
    Case(
        "NotTold",
        *_one(
            'alertmanager_notifications_failed_total{instance="h",integration="email"}',
            "0+1x50",
            "5x50",
        ),
    ),
    Case("SendingLate", _sent(late=11), _sent(late=9)),
    Case(
        "SendingRefused",
        *_one(
            'prometheus_remote_storage_samples_failed_total{instance="h",url="u"}', "0+1x50", "5x50"
        ),
    ),
    Case("Test", *_one("readyhost_alert_test_timestamp_seconds", "2101x50", "2100x50")),
)
