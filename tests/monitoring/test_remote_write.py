"""A host sends what it measures to a real Prometheus elsewhere, behind TLS and a password.

On demand (TESTS=monitoring), on the host that measured itself before: a second box and five runs
take four minutes.
"""

from __future__ import annotations

import json
import re
import time
from functools import partial
from urllib.parse import quote

import pytest

from roles.monitoring.sending import FILES, SECRET
from tests.host.conftest import Host
from tests.host.reports.test_report import report
from vagrant.running import work

from .receiver import NAME, PREFIX, WORD, Receiver
from .seen import asked, until

pytestmark = pytest.mark.timeout(600)


def test_MON_09_a_wrong_password_is_said_and_nothing_changes(box: Host, receiver: Receiver) -> None:
    box.converge(READYHOST_MONITORING__MODE="local")
    before = box.ssh("sha256sum /etc/prometheus/prometheus.yml")
    values = receiver.values(**{f"{PREFIX}PASSWORD": "another-word"})
    done = box.pyinfra("-y", values=values, check=False)
    assert done.returncode != 0
    said = done.stdout
    assert "monitoring.remote_write: it refuses user and password (401" in said
    assert "another-word" not in said
    assert box.ssh("sha256sum /etc/prometheus/prometheus.yml") == before
    assert box.run(f"ls {' '.join(FILES)}").stdout == ""


def test_MON_09_what_is_measured_arrives(box: Host, receiver: Receiver) -> None:
    done = box.converge(**receiver.values())
    assert WORD not in done.stdout
    name = box.ssh("uname -n")
    labels = f'{{host="{name}",environment!="",team="shop"}}'
    for series in ("node_load1", "pg_up", "probe_success", "readyhost_release_info", "up"):
        assert until(partial(receiver.asked, f"{series}{labels}"), 90), series
    assert work(box.converge(**receiver.values()).stdout) == {}


def test_MON_09_nobody_else_reads_the_password(box: Host, receiver: Receiver) -> None:
    assert box.ssh(f"stat -c '%U:%G %a' {SECRET}") == "root:prometheus 640"
    assert "Permission denied" in box.run(f"runuser -u app -- cat {SECRET}").stderr
    line = box.ssh("tr '\\0' ' ' </proc/$(systemctl show -P MainPID prometheus)/cmdline")
    shown = box.ssh("curl -s http://127.0.0.1:9090/api/v1/status/config")
    assert "remote_write" in shown
    assert WORD not in line + shown + box.ssh("journalctl -q -u prometheus -b")


def test_MON_09_a_server_that_was_away_gets_what_it_missed(box: Host, receiver: Receiver) -> None:
    box.values.update(receiver.values())
    try:
        first = report(box)
        assert "MON-09" in first.having("true"), first.said
        receiver.stop()
        begin = time.time()
        alert = 'ALERTS{alertname="SendingLate",alertstate="firing"}'
        assert until(lambda: asked(box, alert), 150)
        broken = report(box)
        assert "MON-09" in broken.having("false"), broken.said
        assert f"{NAME} has taken nothing for" in broken.lines["MON-09"]["evidence"]
        # No release waits for it.
        done = box.converge()
        assert work(done.stdout) == {}
        assert re.search(r"remote_write: nothing answers there\. Nothing of it", done.stdout)
        end = time.time()
        receiver.start()
        assert until(lambda: not asked(box, alert), 120)
        assert end - begin > 60
        # Each of five seconds, but for those at the ends: as if it had never been away.
        span = int(end - begin)
        query = f'count_over_time(up{{job="node"}}[{span}s])'
        (count,) = (float(each["value"][1]) for each in receiver.asked(query, end))
        url = f"http://127.0.0.1:9090/api/v1/query?query={quote(query)}&time={end:.0f}"
        (here,) = json.loads(box.ssh(f"curl -sS '{url}'"))["data"]["result"]
        assert abs(count - float(here["value"][1])) <= 1, (count, here)
        assert "MON-09" in report(box).having("true")
    finally:
        for name in receiver.values():
            if name != "READYHOST_MONITORING__MODE":
                box.values.pop(name)


def test_MON_09_off_again_nothing_is_left(box: Host, receiver: Receiver) -> None:
    box.converge(READYHOST_MONITORING__MODE="local")
    assert box.run(f"ls {' '.join(FILES)}").stdout == ""
    assert "remote_write" not in box.ssh("curl -s http://127.0.0.1:9090/api/v1/status/config")
    unit = box.ssh("systemctl show -P IPAddressDeny prometheus")
    assert set(unit.split()) == {"::/0", "0.0.0.0/0"}
