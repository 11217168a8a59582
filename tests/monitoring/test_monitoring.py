"""A host that measures itself: what it sees, who else sees it, and that it can be turned off.

On demand (TESTS=monitoring): a host of its own, with 60 MB of packages more, takes four minutes.
"""

from __future__ import annotations

import json
import re
import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from readyhost.dashboard.command import made
from readyhost.hosts import Host as Reached
from roles.monitoring.exporters import EXPORTERS, ports
from roles.monitoring.names import (
    ALERTMANAGER_PORT,
    DATABASE_ROLE,
    FACTS,
    RULES,
    STATUS_PORT,
)
from tests.host.conftest import Host
from vagrant.running import work

pytestmark = pytest.mark.timeout(600)

UNITS = ["prometheus", *(each.unit for each in EXPORTERS)]
BY_HAND = "by-hand"


def asked(box: Host, query: str) -> dict[str, float]:
    """What Prometheus says, by labels."""
    url = f"http://127.0.0.1:9090/api/v1/query?query={quote(query)}"
    found: list[dict[str, Any]] = json.loads(box.ssh(f"curl -sS '{url}'"))["data"]["result"]
    return {_labels(each["metric"]): float(each["value"][1]) for each in found}


def _labels(metric: dict[str, str]) -> str:
    return " ".join(value for key, value in sorted(metric.items()) if key != "instance")


def until(look: Callable[[], Any], seconds: float = 60) -> Any:
    """What `look` gives as soon as it is something."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(1)
    return found


def facts(box: Host) -> str:
    """The host's own, looked at now."""
    box.ssh("systemctl start host-facts.service")
    return box.ssh(f"cat {FACTS}")


def listening(box: Host) -> dict[int, set[str]]:
    """Addresses by TCP port."""
    rows = [line.split()[3] for line in box.ssh("ss -Hltn").splitlines()]
    found: dict[int, set[str]] = {}
    for row in rows:
        address, _, port = row.rpartition(":")
        found.setdefault(int(port), set()).add(address)
    return found


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


def test_nothing_listens_beyond_loopback(box: Host) -> None:
    found = listening(box)
    own = [port for port in ports() if port != ALERTMANAGER_PORT]  # which is the alerts'
    assert {port: found.get(port) for port in own} == {port: {"127.0.0.1"} for port in own}


def test_what_the_application_may(box: Host) -> None:
    """It reaches nothing of what measures, could not answer in its place, and changes nothing. What
    people of the host see has no secret in it."""
    own = [port for port in ports() if port not in (STATUS_PORT, ALERTMANAGER_PORT)]
    ask = " ; ".join(f"curl -s -m 5 http://127.0.0.1:{port}/metrics" for port in own)
    said = box.ssh(f"runuser -u vagrant -- sh -c '{ask}'")
    assert "node_memory_MemTotal_bytes" in said
    assert box.run(f"runuser -u app -- sh -c '{ask}'").stdout == ""
    secrets = box.ssh(
        "cat /etc/readyhost/monitoring/redis-password /etc/redis/operator | grep -oE '[0-9a-f]{64}'"
    ).split()
    assert len(secrets) == 2
    assert not any(secret in said for secret in secrets)
    tried = box.ssh(
        f"runuser -u app -- sh -c 'echo x >{RULES}/own.yml; echo x >{FACTS};"
        " cat /etc/readyhost/monitoring/redis-password' 2>&1 || :"
    )
    assert tried.count("Permission denied") == 3
    tried = box.ssh(
        "runuser -u vagrant -- sh -c 'for way in -/quit -/reload api/v1/admin/tsdb/snapshot; do"
        ' curl -s -o /dev/null -w "%{http_code}\\n" -X POST http://127.0.0.1:9090/$way; done\''
    )
    assert re.findall(r"^\d{3}$", tried, re.MULTILINE) == ["403", "403", "500"], tried
    # Who asks the prober to look elsewhere gets no further than this host.
    asked_for = "http://127.0.0.1:9115/probe?module=app&target=https://10.0.3.1:22/"
    assert "probe_success 0" in box.ssh(f"runuser -u vagrant -- curl -s '{asked_for}'")


SQUATS = """
import http.server
class Squats(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"squatted 1\\n")
http.server.HTTPServer(("127.0.0.1", 3903), Squats).serve_forever()
"""


def test_SEC_08_nobody_answers_in_an_exporters_place(box: Host) -> None:
    box.ssh("systemctl stop mtail")
    box.ssh(f"systemd-run -q --unit={BY_HAND} -p User=app python3 -c {shlex.quote(SQUATS)}")
    try:
        assert until(lambda: 3903 in listening(box))
        time.sleep(20)  # Prometheus has asked by then
        assert asked(box, "squatted") == {}
    finally:
        box.ssh(f"systemctl stop {BY_HAND}; systemctl start mtail")


def test_who_asks_the_database_and_the_cache_may_only_count(box: Host) -> None:
    rows = box.ssh(
        'cd /; runuser -u postgres -- psql -XAtc "SELECT rolsuper, rolpassword IS NULL,'
        " (SELECT string_agg(g.rolname, ',') FROM pg_auth_members m JOIN pg_roles g"
        f" ON g.oid = m.roleid WHERE m.member = a.oid) FROM pg_authid a WHERE rolname ="
        f" '{DATABASE_ROLE}'\""
    )
    assert rows == "f|t|pg_monitor"
    as_it = f"runuser -u {DATABASE_ROLE} -- psql -XAtq -h /run/postgresql -U {DATABASE_ROLE}"
    assert "permission denied" in box.run(f"cd /; {as_it} -d app -c 'SELECT 1'").stderr
    words = "AUTH metrics $(sed 's/.*=//' /etc/readyhost/monitoring/redis-password)"
    for wish in ("GET a", "SET a b", "CONFIG GET dir", "KEYS *", "ACL LIST"):
        said = box.ssh(f"printf '%s\\n' \"{words}\" '{wish}' | redis-cli")
        assert "NOPERM" in said, f"{wish}: {said}"
    for unit in UNITS:
        line = box.ssh(f"tr '\\0' ' ' </proc/$(systemctl show -P MainPID {unit})/cmdline")
        assert not re.search(r"[0-9a-f]{64}", line)


def test_who_uses_the_database_or_the_cache_names_no_series(box: Host) -> None:
    """Each name would be a series more, and Prometheus has a bound of memory."""
    made_up = "SET application_name = 'made-up'; SELECT pg_sleep(60)"
    session = f'cd /; runuser -u postgres -- psql -XAtqc "{made_up}"'
    box.ssh(f"systemd-run --quiet --unit=named sh -c {shlex.quote(session)}; sleep 1")
    script = shlex.quote("return {err = 'MADEUP words'}")
    assert "MADEUP" in box.ssh(f"app-command redis-cli eval {script} 0 2>&1 || true")
    database = box.ssh("curl -sS http://127.0.0.1:9187/metrics")
    assert re.search(r'^pg_stat_activity_count\{.*state="active"\} [2-9]', database, re.MULTILINE)
    assert "made-up" not in database
    cache = box.ssh("curl -sS http://127.0.0.1:9121/metrics")
    assert "redis_commands_total" in cache  # and where it counts errors by name (24.04), those
    time.sleep(20)
    assert asked(box, "count({job='redis', __name__='redis_commands_total'}) > 0")
    assert not asked(box, "{err!=''}")


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


@pytest.mark.parametrize("unit", UNITS)
def test_what_is_killed_comes_back(box: Host, unit: str) -> None:
    box.ssh(f"systemctl kill -s KILL {unit}")
    assert until(lambda: box.run(f"systemctl is-active -q {unit}").returncode == 0, 20)


def test_memory_is_bounded(box: Host) -> None:
    rows = box.ssh(f"systemctl show -P MemoryMax {' '.join(UNITS)}").split()
    assert [int(row) // 2**20 for row in rows] == [256] + [64] * len(EXPORTERS)
    used = box.ssh(f"systemctl show -P MemoryCurrent {' '.join(UNITS)}").split()
    assert sum(map(int, used)) < 200 * 2**20, used


def test_MON_05_the_page_has_what_was_measured_and_the_release(box: Host, tmp_path: Path) -> None:
    place = Reached("box", box.ip, "vagrant", 22, box.key, "/dev/null", "no")
    until(lambda: asked(box, "readyhost_release_info"))
    text = made(place, time.time())
    (tmp_path / "dashboard.html").write_text(text)
    assert text.count("<path class=") > 20
    assert "app v1.0.0" in text
    assert not re.search(r"(src|href)=|https?://|@import", text)


def test_off_again_nothing_is_left(box: Host) -> None:
    box.converge(READYHOST_MONITORING__MODE="off")
    assert set(ports()) & set(listening(box)) == set()
    states = box.run(f"systemctl is-active {' '.join(UNITS)} host-facts.timer").stdout.split()
    assert set(states) == {"inactive"}
    enabled = box.run(f"systemctl is-enabled {' '.join(UNITS)}").stdout.split()
    assert "enabled" not in enabled
    roles = box.ssh("cd /; runuser -u postgres -- psql -XAtc 'SELECT rolname FROM pg_roles'")
    assert DATABASE_ROLE not in roles.split()
    users = box.ssh("{ cat /etc/redis/operator; echo ACL USERS; } | redis-cli")
    assert "metrics" not in users.split()
    assert box.run(f"ls {FACTS} /etc/readyhost/monitoring").stdout == ""
    assert work(box.converge(READYHOST_MONITORING__MODE="off").stdout) == {}
