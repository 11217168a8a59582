"""What a host runs out of."""

from __future__ import annotations

from ..alert import LOAD, Alert

# What is always full by its nature.
_DISKS = '{fstype!~"squashfs|iso9660|erofs"}'
_CPU = "node_cpu_seconds_total"
_PERCENT = '{{ $value | printf "%.0f" }} %'
_WHERE = "{{ $labels.mountpoint }}"

ALERTS = (
    Alert(
        "Cpu",
        "the processors are busy",
        f'100 - 100 * sum by (instance) (rate({_CPU}{{mode=~"idle|iowait"}}[$window]))'
        f" / sum by (instance) (rate({_CPU}[$window])) > $cpu_percent",
        600,
        "warning",
        f"{_PERCENT} of all cores",
        "See who takes it. If it is the application, and visitors wait, take more cores, or find"
        " what it computes.",
        "ssh HOST systemd-cgtop -n 1",
        limits=("cpu_percent",),
        keys=("alerts.window_seconds",),
        explained=LOAD,
    ),
    Alert(
        "Steal",
        "the provider gives the processors to others",
        f'100 * sum by (instance) (rate({_CPU}{{mode="steal"}}[$window]))'
        f" / sum by (instance) (rate({_CPU}[$window])) > $steal_percent",
        900,
        "warning",
        f"{_PERCENT} of the time",
        "Nothing on the host helps: take another kind of machine (dedicated cores), or another"
        " provider.",
        "ssh HOST vmstat 1 5",
        limits=("steal_percent",),
        keys=("alerts.window_seconds",),
    ),
    Alert(
        "Memory",
        "memory runs out",
        "100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > $memory_percent",
        600,
        "warning",
        f"{_PERCENT} is taken",
        "See which process grew. A leak goes with a restart (app.restart_hours); else take more"
        " memory, or lower app.memory_share_percent or postgres.memory_percent.",
        "readyhost ENV status",
        limits=("memory_percent",),
        explained=("release", "drill"),
    ),
    Alert(
        "Disk",
        "a disk fills",
        f"100 * (1 - node_filesystem_avail_bytes{_DISKS} / node_filesystem_size_bytes{_DISKS})"
        " > $disk_percent",
        300,
        "warning",
        f"{_WHERE}: {_PERCENT} is taken",
        "See what grew: logs (logs.days), releases (app.keep_releases), uploads, the database, WAL"
        " that is not archived. Then take a larger disk.",
        "ssh HOST du -xhd2 / 2>/dev/null | sort -h | tail",
        limits=("disk_percent",),
        explained=("drill",),
    ),
    Alert(
        "DiskFullSoon",
        "a disk will be full",
        f"predict_linear(node_filesystem_avail_bytes{_DISKS}[3h], 3600 * $disk_full_hours) < 0"
        f" and node_filesystem_avail_bytes{_DISKS} / node_filesystem_size_bytes{_DISKS} < 0.5",
        1800,
        "critical",
        f"{_WHERE} goes on as in the last three hours",
        "As for Disk, and now. A full disk stops the database.",
        "ssh HOST du -xhd2 / 2>/dev/null | sort -h | tail",
        limits=("disk_full_hours",),
        explained=LOAD,
    ),
    Alert(
        "Inodes",
        "a disk runs out of inodes",
        f"100 * (1 - node_filesystem_files_free{_DISKS} / node_filesystem_files{_DISKS})"
        " > $inodes_percent",
        300,
        "warning",
        f"{_WHERE}: {_PERCENT} is taken",
        "Many small files: sessions, a cache of the application's, uploads. Delete old ones.",
        "ssh HOST du -x --inodes -d2 / 2>/dev/null | sort -n | tail",
        limits=("inodes_percent",),
    ),
)
