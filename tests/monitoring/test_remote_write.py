"""A host sends what it measures to a real Prometheus elsewhere, behind TLS and a password.

On demand (TESTS=monitoring), on the host that measured itself before: a second box and five runs
take four minutes.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from roles.monitoring.sending import FILES, SECRET
from tests.host.conftest import Host
from tests.host.test_report import report
from tests.support.provider import certificates
from tests.support.suites import suites
from vagrant.driver import Box
from vagrant.running import work

from .test_monitoring import asked, until

pytestmark = pytest.mark.timeout(600)

NAME, PORT = "metrics.provider.test", 9443
WORD = "a-word-of-the-teams"
PREFIX = "READYHOST_MONITORING__REMOTE_WRITE__"
# 2.31, of Ubuntu 22.04, knows the first way alone.
SET_UP = f"""
set -e
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update && apt-get -qq install -y --no-install-recommends prometheus curl >/dev/null
way=--web.enable-remote-write-receiver
prometheus --help 2>&1 | grep -q -- $way || way=--enable-feature=remote-write-receiver
cd /etc/prometheus
hash=$(perl -e 'print crypt("{WORD}", q($2b$04$) . "a" x 21 . "O")')
echo "tls_server_config: {{cert_file: server.pem, key_file: server.key}}" >web.yml
echo "basic_auth_users: {{shop: $hash}}" >>web.yml
echo '{{}}' >prometheus.yml
install -o prometheus -m 600 /root/server.key /root/server.pem .
echo "ARGS='--web.config.file=/etc/prometheus/web.yml --web.listen-address=:{PORT} $way'" \\
  >/etc/default/prometheus
systemctl restart prometheus
"""


class Receiver:
    """The other box."""

    def __init__(self, box: Box, folder: Path) -> None:
        self.box, self.folder = box, folder

    def values(self, **more: str) -> dict[str, str]:
        return {
            "READYHOST_MONITORING__MODE": "local",
            "READYHOST_MONITORING__EVERY_SECONDS": "5",
            "READYHOST_ALERTS__ENABLED": "true",
            "READYHOST_ALERTS__WEBHOOK_URL": "http://127.0.0.1:9/hook",
            "READYHOST_ALERTS__PATIENCE_PERCENT": "5",
            "READYHOST_ALERTS__LIMITS__SENDING_MINUTES": "1",
            f"{PREFIX}URL": f"https://{NAME}:{PORT}/api/v1/write",
            f"{PREFIX}USER": "shop",
            f"{PREFIX}PASSWORD": WORD,
            f"{PREFIX}CA_FILE": str(self.folder / "ca.pem"),
            f"{PREFIX}LABELS": '{"team": "shop"}',
            **more,
        }

    def asked(self, query: str, when: float = 0) -> list[dict[str, Any]]:
        url = f"https://localhost:{PORT}/api/v1/query?query={quote(query)}"
        at = f"&time={when:.0f}" if when else ""
        said = self.box.ssh(f"curl -sSk -u 'shop:{WORD}' '{url}{at}'")
        found: list[dict[str, Any]] = json.loads(said)["data"]["result"]
        return found

    def has(self, query: str) -> bool:
        """Whether it has a series; not while it is away."""
        try:
            return bool(self.asked(query))
        except Exception:
            return False

    def stop(self) -> None:
        self.box.ssh("systemctl stop prometheus")

    def start(self) -> None:
        self.box.ssh("systemctl start prometheus")
        assert until(lambda: self.has("vector(1)"))


@pytest.fixture(scope="module")
def receiver(box: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    folder = tmp_path_factory.mktemp("receiver")
    certificates(folder, NAME)
    other = Box.boot("receiver", suites()[-1])
    try:
        for file in ("server.key", "server.pem"):
            other.ssh(f"umask 077; cat >/root/{file}", stdin=(folder / file).read_text())
        other.ssh(SET_UP, timeout=300)
        box.ssh(f"echo '{other.ip} {NAME}' >>/etc/hosts")
        yield Receiver(other, folder)
    finally:
        other.destroy()


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
