"""A host that measures itself: who else sees that, what it takes, and that it can be turned off.

On demand (TESTS=monitoring), on the host that has just been looked at.
"""

from __future__ import annotations

import re
import shlex
import time
from pathlib import Path

import pytest

from readyhost.dashboard.command import made
from readyhost.hosts import Host as Reached
from roles.monitoring.exporters import EXPORTERS, ports
from roles.monitoring.names import ALERTMANAGER_PORT, DATABASE_ROLE, FACTS, RULES, STATUS_PORT
from tests.host.conftest import Host
from vagrant.running import work

from .seen import BY_HAND, UNITS, asked, listening, until

pytestmark = pytest.mark.timeout(600)


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
