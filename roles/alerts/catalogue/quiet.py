"""What breaks without that anybody notices, until it is needed."""

from __future__ import annotations

from ..alert import Alert

_AGO = "{{ $value | humanizeDuration }} ago"
_KILLS = "readyhost_unit_oom_kills_total"


def _old(metric: str, bound: str) -> str:
    """PromQL: the last success is longer ago. One that never was is a problem of BackupFailed's."""
    return f"time() - ({metric} > 0) > {bound}"


ALERTS = (
    Alert(
        "Certificate",
        "a certificate ends",
        "(readyhost_certificate_expiry_timestamp_seconds - time()) / 86400 < $certificate_days",
        3600,
        "critical",
        '{{ $labels.name }} ends in {{ $value | printf "%.0f" }} days',
        "Its renewal fails for two weeks: docs/certificates.md has what to do.",
        "ssh HOST certificate status",
        limits=("certificate_days",),
        keys=("tls.certificate",),
    ),
    Alert(
        "BackupOld",
        "there is no new backup",
        _old(
            'readyhost_backup_success_timestamp_seconds{kind=~"database|files"}',
            "3600 * $backup_hours",
        ),
        300,
        "critical",
        f"the last good one of {{{{ $labels.kind }}}} ended {_AGO}",
        "See why the last one failed, then start one by hand: docs/backup.md.",
        "ssh HOST backup status",
        limits=("backup_hours",),
        keys=("backup",),
    ),
    Alert(
        "BackupFailed",
        "the last backup, its copy or a drill failed",
        "backup_problems > 0",
        900,
        "warning",
        '{{ $value | printf "%.0f" }} problems',
        "Each has a line there, with what to do.",
        "ssh HOST backup status",
        keys=("backup",),
    ),
    Alert(
        "DrillOld",
        "no restore was rehearsed",
        _old("readyhost_drill_success_timestamp_seconds", "86400 * $drill_days"),
        3600,
        "warning",
        f"the last good one ended {_AGO}",
        "A backup that nobody restored is a hope. See why the drill failed: docs/backup.md.",
        "ssh HOST backup status",
        limits=("drill_days",),
        keys=("backup",),
    ),
    Alert(
        "UnitFailed",
        "a unit failed",
        "readyhost_unit_failed == 1",
        60,
        "critical",
        "{{ $labels.unit }}",
        "Read why, and start it again; `systemctl reset-failed UNIT` when it is no longer wanted.",
        "ssh HOST systemctl status '*' --state=failed",
    ),
    Alert(
        "Restarts",
        "a process is started again and again",
        "round(increase(readyhost_unit_restarts_total[1h])) >= $restarts",
        0,
        "warning",
        '{{ $labels.unit }}: {{ $value | printf "%.0f" }} times within an hour',
        "Its last words are in the log, before each start.",
        "readyhost ENV logs --since 1h",
        limits=("restarts",),
    ),
    Alert(
        "OutOfMemory",
        "a process was killed for its memory",
        # The first one of a unit is a new series, of which nothing has grown.
        f"increase({_KILLS}[1h]) > 0 or {_KILLS} > 0 unless {_KILLS} offset 1h",
        0,
        "warning",
        "{{ $labels.unit }}",
        "Requests of that process were lost. It has a leak, or app.memory_share_percent is too"
        " small.",
        "readyhost ENV status",
        keys=("app.memory_share_percent",),
    ),
    Alert(
        "RolledBack",
        "a release was rolled back",
        "time() - readyhost_release_rolled_back_timestamp_seconds < 3600 * $rolled_back_hours",
        0,
        "warning",
        f"{{{{ $labels.app }}}}, {_AGO}",
        "The list says which, and why. Set app.tag to what is live until there is a better one:"
        " without it the next run releases the newest tag again.",
        "pyinfra inventories/ENV.py releases.py",
        limits=("rolled_back_hours",),
        keys=("app.tag",),
    ),
    Alert(
        "Stuck",
        "a release, backup or drill does not end",
        "readyhost_busy == 1",
        0,
        "warning",
        "a {{ $labels.what }} is running",
        "See what it waits for. Till it ends, other alerts are not told (docs/alerts.md).",
        "readyhost ENV status",
        limits=("busy_hours",),
        lasts="busy_hours",
    ),
    Alert(
        "Clock",
        "the clock is not synchronised",
        "readyhost_clock_synchronised == 0",
        900,
        "warning",
        "no time server was heard",
        "Tokens and certificates fail with a wrong time. See whether UDP 123 gets out"
        " (base.time_servers).",
        "ssh HOST chronyc sources",
    ),
    Alert(
        "Reboot",
        "a reboot is due",
        "readyhost_reboot_required == 1",
        0,
        "warning",
        "security fixes wait for it",
        "Reboot at a quiet hour: all starts again. base.reboot_after_upgrades does it by itself.",
        "ssh HOST cat /run/reboot-required.pkgs",
        limits=("reboot_days",),
        keys=("base.reboot_after_upgrades",),
        lasts="reboot_days",
    ),
    Alert(
        "SecurityUpdates",
        "security upgrades wait",
        "(time() - readyhost_security_updates_oldest_timestamp_seconds) / 86400 > $upgrade_days"
        " and on (instance) readyhost_security_updates_pending > 0",
        3600,
        "warning",
        'the oldest for {{ $value | printf "%.0f" }} days',
        "See why they did not install themselves.",
        "ssh HOST unattended-upgrade --dry-run -v",
        limits=("upgrade_days",),
        keys=("base.security_upgrades",),
    ),
    Alert(
        "EndOfLife",
        "a runtime or the system gets no more fixes",
        "(readyhost_runtime_end_of_life_timestamp_seconds - time()) / 86400 < $runtime_days",
        3600,
        "warning",
        '{{ $labels.runtime }}: {{ $value | printf "%.0f" }} days are left',
        "Plan the change to a newer one: docs/upgrading.md.",
        "ssh HOST host-maintained show",
        limits=("runtime_days",),
    ),
    Alert(
        "KnownHole",
        "a package of the live release has a known hole",
        'readyhost_maintained_warnings{about="hole"} > 0',
        3600,
        "warning",
        '{{ $value | printf "%.0f" }} packages or programs have one',
        "Take the version that has it mended into the lock file, and release: the look says which.",
        "ssh HOST host-maintained show",
        keys=("maintained.audit",),
    ),
)
