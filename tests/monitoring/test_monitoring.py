"""A host that measures itself: what it sees.

On demand (TESTS=monitoring): a host of its own, with 60 MB of packages more, takes four minutes,
with the tests of its bounds.
"""

from __future__ import annotations

import pytest

from roles.monitoring.names import FACTS
from tests.host.conftest import Host
from vagrant.running import work

from .seen import BY_HAND, asked, until

pytestmark = pytest.mark.timeout(600)


def facts(box: Host) -> str:
    """The host's own, looked at now."""
    box.ssh("systemctl start host-facts.service")
    return box.ssh(f"cat {FACTS}")


def test_a_second_run_changes_nothing(box: Host) -> None:
    assert work(box.second_run) == {}


def test_MON_01_all_that_is_asked_answers(box: Host) -> None:
    def down() -> list[str]:
        found = asked(box, "up")
        return [job for job, value in found.items() if not value] if len(found) == 8 else ["few"]

    until(lambda: not down())
    assert not down()
    figures = {
        "node_memory_MemTotal_bytes", "pg_up == 1", "pg_stat_database_xact_commit",
        "redis_up == 1", "redis_memory_used_bytes", "nginx_connections_active",
        "readyhost_unit_memory_bytes{unit=~'app-web-.*'}", "backup_problems",
        "pgbouncer_pools_client_active_connections", "readyhost_clock_synchronised",
        "readyhost_release_info{app='app', tag='v1.0.0'}",
        "readyhost_certificate_expiry_timestamp_seconds",
        "readyhost_banned", "readyhost_wal_archive_failed_timestamp_seconds",
        "readyhost_security_updates_pending",
    }  # fmt: skip
    box.ssh("backup watch || :")  # else its timer's, minutes later
    until(lambda: all(asked(box, each) for each in figures), 90)
    assert [each for each in figures if not asked(box, each)] == []
    assert asked(box, "readyhost_facts_failed == 1") == {}


def test_MON_04_health_is_asked_for_by_the_public_name(box: Host) -> None:
    until(lambda: asked(box, "probe_success == 1"))
    assert asked(box, "probe_success") == {"probe_success app probe_app": 1}
    assert asked(box, "probe_ssl_earliest_cert_expiry > time()")
    units = "systemctl list-units --plain --no-legend --state=active 'app-web-*' | cut -d' ' -f1"
    running = " ".join(box.ssh(units).split())
    box.ssh(f"systemctl stop {running}")
    try:
        assert until(lambda: asked(box, "probe_success == 0"))
    finally:
        box.ssh(f"systemctl start {running}")
    assert until(lambda: asked(box, "probe_success == 1"), 90)


def test_a_slow_request_lands_in_its_bucket(box: Host) -> None:
    def slow(bucket: str) -> float:
        query = 'readyhost_request_duration_seconds_bucket{app="app",class="2xx",route="/slow",'
        return sum(asked(box, f'{query}le="{bucket}"}}').values())

    before = slow("2.5")
    assert box.https("/slow?seconds=1.5").status_code == 200
    assert until(lambda: slow("2.5") > before)
    assert slow("1") == 0
    for path in ("/slowly", "/nobody/knows"):
        box.https(path)
    routes = "count by (route) (readyhost_request_duration_seconds_count)"
    assert {each.split()[-1] for each in asked(box, routes)} == {"/slow", "other"}


def test_a_failed_unit_and_a_kill_for_memory_are_seen(box: Host) -> None:
    eat = "x = bytearray(400 * 2**20)"
    try:
        box.run(f"systemd-run -q --wait --unit={BY_HAND} false")
        box.run(
            f"systemd-run -q --wait --unit={BY_HAND}-eats -p MemoryMax=32M -p MemorySwapMax=0"
            f" python3 -c '{eat}'"
        )
        said = facts(box)
        assert f'readyhost_unit_failed{{unit="{BY_HAND}.service"}} 1' in said
        assert f'readyhost_unit_failed{{unit="{BY_HAND}-eats.service"}} 1' in said
        # systemd hears of the kernel's kills by cgroups of version 2 alone.
        if box.ssh("stat -fc %T /sys/fs/cgroup") == "cgroup2fs":
            killed = f'readyhost_unit_oom_kills_total{{unit="{BY_HAND}-eats.service"}} 1'
            assert killed in said
            assert killed in facts(box)  # and is counted once
        assert until(lambda: asked(box, f'readyhost_unit_failed{{unit="{BY_HAND}.service"}} == 1'))
    finally:
        box.run(f"systemctl reset-failed {BY_HAND} {BY_HAND}-eats")
    assert f'readyhost_unit_failed{{unit="{BY_HAND}.service"}} 1' not in facts(box)
