"""Who is at the address of the Prometheus elsewhere, or on the host, gets no further at its port.

On demand (TESTS=monitoring), on the host and the box of the tests before: two runs, two minutes.
"""

from __future__ import annotations

import json
import math
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from roles.postgres.session import psql
from tests.host.conftest import Host

from .elsewhere import PORT, Elsewhere
from .seen import until

pytestmark = pytest.mark.timeout(600)

SLOW = Path(__file__).with_name("slow.py").read_text()
PATIENCE = 15  # seconds, nginx.slow_client_timeout_seconds
STRANGERS = {"silent": 300, "hello": 250, "stranger": 200}
"""A quarter of the clients that Nginx is for, and fewer than a process may have files."""
KNOWN = {"head": 20, "body": 20, "pieces": 20, "reader": 10}
OURS = "-cert /etc/prometheus/readyhost.pem -key /etc/prometheus/readyhost.key"
LEAST = 1000  # monitoring.service_series


def named(name: str) -> str:
    """Options of openssl s_client."""
    return f"-servername {name}" if name else "-noservername"


@pytest.fixture(scope="module", autouse=True)
def remote(box: Host, elsewhere: Elsewhere) -> None:
    box.converge(**elsewhere.values())
    elsewhere.reads(box, READYHOST_MONITORING__SERVICE_SERIES=str(LEAST))
    elsewhere.box.ssh("cat >/etc/prometheus/slow.py", stdin=SLOW)


def test_MON_08_who_is_slow_holds_no_slot_and_keeps_nobody_from_it(
    box: Host, elsewhere: Elsewhere
) -> None:
    asked = f"python3 slow.py {box.ip} {PORT} {PATIENCE + 60}"
    kinds = json.dumps(STRANGERS | KNOWN)
    found: dict[str, dict[str, Any]] = {}

    def attack() -> None:
        found.update(json.loads(elsewhere.box.ssh(f"cd /etc/prometheus; {asked}", kinds)))

    attacker = threading.Thread(target=attack)
    attacker.start()
    times = []
    while attacker.is_alive():
        start = time.monotonic()
        assert box.https("/health").status_code == 200
        times.append(time.monotonic() - start)
        time.sleep(0.2)
    attacker.join()
    print(f"{len(times)} visits, the slowest {max(times):.2f} s; {found}")
    assert len(times) > 30
    assert sorted(times)[len(times) * 9 // 10] < 1
    # and the Prometheus there missed nothing meanwhile
    missed = elsewhere.asked("count_over_time(up[40s]) - sum_over_time(up[40s])")
    assert missed and set(missed.values()) == {0}, missed
    longest = {kind: seen["held"] for kind, seen in found.items()}
    assert all(longest[kind] < PATIENCE + 5 for kind in (*STRANGERS, "head", "reader")), longest
    # It is told, and what it sends is thrown away for half a minute more, which ends as well.
    assert all(longest[kind] < PATIENCE + 25 for kind in ("body", "pieces")), longest
    assert found["body"]["said"] == found["pieces"]["said"] == ["HTTP/1.1 413"], found


@pytest.mark.parametrize("name", ["", "shop.example", "other.example", "localhost"])
def test_MON_08_no_name_leads_past_the_certificate(
    box: Host, elsewhere: Elsewhere, name: str
) -> None:
    said = elsewhere.says(box, f"GET /node HTTP/1.1\nHost: {name or 'x'}", named(name))
    assert "HTTP/1.1 400" in said and "node_" not in said, said
    ours = f"{named(name)} {OURS}"
    assert "node_load1" in elsewhere.says(box, "GET /node HTTP/1.1\nHost: x", ours)


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
@pytest.mark.parametrize("port", [PORT, 443])
def test_MON_08_no_session_stands_in_for_a_certificate(
    box: Host, elsewhere: Elsewhere, version: str, port: int
) -> None:
    """One begun with it at that port, or by any visitor of the site."""
    name, kept = f"{named('shop.example')} -{version}", "/root/session"
    shown = OURS if port == PORT else ""
    elsewhere.says(box, "GET /node HTTP/1.1\nHost: x", f"{name} {shown} -sess_out {kept}", port)
    if elsewhere.box.run(f"test -s {kept}").returncode == 0:
        said = elsewhere.says(box, "GET /node HTTP/1.1\nHost: x", f"{name} -sess_in {kept}")
        elsewhere.box.ssh(f"rm {kept}")
        assert "HTTP/1.1 400" in said and "node_" not in said, said


def test_MON_08_who_makes_up_series_fills_no_memory_elsewhere(
    box: Host, elsewhere: Elsewhere
) -> None:
    """Each database is named in two dozen. Its exporter is down, and no other."""
    count = 'count({job="postgres", __name__=~"pg_.*"})'
    assert until(partial(elsewhere.number, count), 60)
    before = elsewhere.number(count)
    each = elsewhere.number('count({job="postgres", datname="postgres"})')
    more = math.ceil((LEAST - before) / each) + 3
    print(f"{before:.0f} series, {each:.0f} for each database: {more} more databases")
    make = "\n".join(f"CREATE DATABASE made_up_{number};" for number in range(more))
    box.ssh(f"{psql(5432)} >/dev/null", make, timeout=300)
    try:
        assert until(lambda: elsewhere.asked("up == 0"), 60) == {"postgres": 0}
        assert elsewhere.number(count) <= LEAST
        assert elsewhere.number('count(pg_stat_database_xact_commit{datname=~"made_up_.*"})') < more
        assert elsewhere.asked("up == 1").keys() >= {"node", "redis", "nginx", "requests"}
    finally:
        box.ssh(f"{psql(5432)} >/dev/null", make.replace("CREATE", "DROP"), timeout=300)
    assert until(lambda: not elsewhere.asked("up == 0"), 60)
