"""A host whose numbers a Prometheus elsewhere keeps: it alone reads them.

On demand (TESTS=monitoring), on the host that measured itself before: a second box, with a
Prometheus of the distribution's, and five runs take three minutes.
"""

from __future__ import annotations

import socket
import threading
from functools import partial

import httpx
import pytest

from roles.monitoring.exporters import EXPORTERS, ports
from roles.monitoring.names import FACTS, PROMETHEUS_PORT
from tests.host.conftest import Host
from tests.host.reports.test_report import report
from vagrant.running import work

from .elsewhere import PORT, Elsewhere
from .seen import UNITS, listening, until

pytestmark = pytest.mark.timeout(600)

JOBS = {"node", "postgres", "redis", "nginx", "requests", "probe_app"}
LOOPBACK = [each.port for each in EXPORTERS]


def test_MON_08_the_numbers_go_elsewhere_and_the_site_serves_on(
    box: Host, elsewhere: Elsewhere
) -> None:
    """From a host that keeps its own: what did is gone, and no visitor noticed."""
    box.converge(READYHOST_MONITORING__MODE="local")
    assert box.run("systemctl is-active -q prometheus").returncode == 0
    answers: list[str] = []
    over = threading.Event()

    def visit() -> None:
        while not over.wait(0.05):
            try:
                answers.append(str(box.https("/health").status_code))
            except httpx.TransportError as error:
                answers.append(repr(error))

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        box.converge(**elsewhere.values())
    finally:
        over.set()
        visitor.join()
    assert len(answers) > 20
    assert set(answers) == {"200"}
    assert box.run("systemctl is-active -q prometheus").returncode != 0
    assert box.run("systemctl is-enabled -q prometheus").returncode != 0
    open_there = listening(box)
    assert PROMETHEUS_PORT not in open_there
    assert {port: open_there.get(port) for port in LOOPBACK} == {
        port: {"127.0.0.1"} for port in LOOPBACK
    }
    assert work(box.converge(**elsewhere.values()).stdout) == {}


def test_MON_08_a_prometheus_elsewhere_reads_all_of_it(box: Host, elsewhere: Elsewhere) -> None:
    elsewhere.reads(box)
    until(lambda: set(elsewhere.asked("up == 1")) == JOBS)
    assert elsewhere.asked("up") == dict.fromkeys(JOBS, 1)
    box.https("/health")
    for query in (
        "node_memory_MemTotal_bytes", "pg_up == 1", "redis_up == 1", "nginx_connections_active",
        "probe_success{app='app'} == 1", "readyhost_release_info{app='app', tag='v1.0.0'}",
        "sum by (job) (readyhost_request_duration_seconds_count) > 0",
    ):  # fmt: skip
        assert until(partial(elsewhere.asked, query), 90), query


def test_MON_08_nobody_else_does(box: Host, elsewhere: Elsewhere) -> None:
    folder = "/etc/prometheus"
    for file in ("theirs.pem", "theirs.key"):
        box_file = f"{folder}/{file}"
        elsewhere.box.ssh(f"cat >{box_file}", stdin=(elsewhere.folder / file).read_text())
    ours = f"--cert {folder}/readyhost.pem --key {folder}/readyhost.key"
    assert elsewhere.status(box, ours) == "200"
    assert elsewhere.status(box, "") == "400"
    assert elsewhere.status(box, f"--cert {folder}/theirs.pem --key {folder}/theirs.key") == "400"
    # From another address nothing answers at all, whatever it would show.
    with pytest.raises(OSError, match="timed out"):
        socket.create_connection((box.ip, PORT), 3)
    direct = " ".join(map(str, LOOPBACK))
    tried = f"for port in {direct}; do curl -s -m 2 http://{box.ip}:$port/metrics && echo; done"
    assert elsewhere.box.run(tried).stdout == ""
    # An application does not come in by the way that Nginx takes.
    url = f"https://127.0.0.1:{PORT}/node"
    assert "400" in box.ssh(f"runuser -u app -- curl -sk -m 5 -w '%{{http_code}}' {url} || :")
    assert box.run("runuser -u app -- curl -s -m 5 http://127.0.0.1:9100/metrics").stdout == ""


def test_MON_01_the_report_knows_who_asks(box: Host, elsewhere: Elsewhere) -> None:
    box.values.update(elsewhere.values())
    try:
        found = report(box)
        assert {"MON-01", "MON-04"} <= found.having("true"), found.said
        assert elsewhere.box.ip in found.lines["MON-01"]["evidence"]
        box.ssh("systemctl stop mtail prometheus-blackbox-exporter")
        broken = report(box)
        wrong = broken.having("false") - found.having("false")
        assert wrong == {"HOST-01", "MON-01", "MON-04"}, broken.said  # a run would start them
        assert "/requests" in broken.lines["MON-01"]["evidence"]
    finally:
        box.ssh("systemctl start mtail prometheus-blackbox-exporter")
        for name in elsewhere.values():
            box.values.pop(name)
        box.values["READYHOST_MONITORING__MODE"] = "local"


def test_MON_08_it_takes_less_than_to_keep_them(box: Host) -> None:
    """Resident, all exporters together, while they are read: 134 MB with Prometheus, idle."""
    total = 0
    for unit in UNITS[1:]:
        pid = box.ssh(f"systemctl show -P MainPID {unit}")
        total += int(box.ssh(f"awk '/^VmRSS/ {{print $2}}' /proc/{pid}/status"))
    print(f"resident: {total / 1024:.0f} MB")
    assert total < 120 * 1024


def test_MON_08_off_again_nothing_is_left(box: Host) -> None:
    box.converge(READYHOST_MONITORING__MODE="off")
    open_there = listening(box)
    assert {PORT, *ports()} & set(open_there) == set()
    states = box.run(f"systemctl is-active {' '.join(UNITS)} host-facts.timer").stdout.split()
    assert set(states) == {"inactive"}
    left = f"/var/log/nginx/scraped.log* /etc/nginx/scraped.pem {FACTS} /etc/readyhost/monitoring"
    assert box.run(f"ls -d {left} /var/lib/readyhost/monitoring").stdout == ""
    assert str(PORT) not in box.ssh("iptables-save; cat /etc/ufw/user.rules; nginx -T 2>&1")
    assert box.https("/health").status_code == 200
    assert work(box.converge(READYHOST_MONITORING__MODE="off").stdout) == {}
