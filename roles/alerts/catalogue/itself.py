"""The monitoring, which nobody else watches but the heartbeat."""

from __future__ import annotations

from ..alert import Alert

_STARTED = 'scalar(max(process_start_time_seconds{job="prometheus"}) or vector(0))'
_SENT = "prometheus_remote_storage_queue_highest_sent_timestamp_seconds"

ALERTS = (
    Alert(
        "TargetDown",
        "an exporter does not answer",
        "up == 0",
        300,
        "warning",
        "{{ $labels.job }}",
        "What it measures is not watched. Look at its journal.",
        "ssh HOST systemctl status 'prometheus*'",
        keys=("monitoring",),
    ),
    Alert(
        "FactsOld",
        "the host's own facts are old",
        "time() - readyhost_facts_timestamp_seconds > 60 * $facts_minutes",
        0,
        "warning",
        "written {{ $value | humanizeDuration }} ago",
        "Releases, backups, certificates and units are not watched. Look at the timer that writes"
        " them.",
        "ssh HOST systemctl list-timers 'readyhost*' 'host-*'",
        limits=("facts_minutes",),
    ),
    Alert(
        "FactsMissing",
        "the host's own facts are missing",
        "absent(readyhost_facts_timestamp_seconds) or node_textfile_scrape_error > 0",
        900,
        "warning",
        "Prometheus has none, or a file of them is broken",
        "As for FactsOld.",
        "ssh HOST journalctl -u prometheus-node-exporter -n 20",
    ),
    Alert(
        "RulesFail",
        "a rule of these fails",
        "increase(prometheus_rule_evaluation_failures_total[$window]) > 0",
        300,
        "warning",
        "{{ $labels.rule_group }}",
        "Prometheus' journal says which and why; tell readyhost's maintainers.",
        "ssh HOST journalctl -u prometheus -n 20",
        keys=("alerts.window_seconds",),
    ),
    Alert(
        "NotTold",
        "messages do not arrive",
        "sum by (instance, integration)"
        " (increase(alertmanager_notifications_failed_total[$window])) > 0",
        300,
        "critical",
        "by {{ $labels.integration }}",
        "Alertmanager's journal has the server's words. This one comes by another way, if there is"
        " one: have two.",
        "ssh HOST journalctl -u prometheus-alertmanager -n 20",
        keys=("alerts", "alerts.window_seconds"),
    ),
    Alert(
        "SendingLate",
        "what is measured does not arrive elsewhere",
        "prometheus_remote_storage_highest_timestamp_in_seconds"
        " - ignoring (remote_name, url) group_right ()"
        # One that never sent a value says 0; one that was before a start is known for five minutes.
        f" clamp_min({_SENT} and timestamp({_SENT}) >= {_STARTED}, {_STARTED})"
        " > 60 * $sending_minutes",
        300,
        "warning",
        "nothing has arrived for {{ $value | humanizeDuration }}",
        "Prometheus' journal has the server's words: nobody answers, or a certificate is another"
        " now, the server's or the host's. What is not sent within about two hours, or before"
        " Prometheus starts anew, is on the host alone.",
        "ssh HOST journalctl -u prometheus -n 20",
        limits=("sending_minutes",),
        keys=("monitoring.remote_write",),
    ),
    Alert(
        "SendingRefused",
        "measured values are refused elsewhere",
        "sum by (instance, url) (increase(prometheus_remote_storage_samples_failed_total[$window]))"
        " > 0",
        0,
        "warning",
        '{{ $value | printf "%.0f" }} values, which are not sent again',
        "Prometheus' journal has the server's words: a password or token that is another now, a"
        " bound of your account's there, or values that are too old for it.",
        "ssh HOST journalctl -u prometheus -n 20",
        keys=("monitoring.remote_write", "alerts.window_seconds"),
    ),
    Alert(
        "Test",
        "this is a test",
        "time() - readyhost_alert_test_timestamp_seconds < 300",
        0,
        "warning",
        "asked for by readyhost ENV alert-test",
        "Nothing. It is over within five minutes, which is told too.",
        "readyhost ENV alerts",
    ),
)

HEARTBEAT = Alert(
    "Heartbeat",
    "all is well with the monitoring",
    "vector(1)",
    0,
    "warning",
    "it always is",
    "Nothing. It goes to alerts.heartbeat_url alone.",
    "readyhost ENV alerts",
    keys=("alerts.heartbeat_url",),
)
"""Not among the others: nobody is told."""
