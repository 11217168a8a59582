"""Alerts of a real host: provoked, told by mail and to a webhook, and over."""

from __future__ import annotations

import json
import time

import pytest

from tests.host.conftest import Host
from tests.support.advisories import CVE, INSTALLED, TOLD, advisories, tell
from vagrant.running import changes

from .receivers import Receivers

# A heartbeat that ends takes Alertmanager minutes.
pytestmark = pytest.mark.timeout(900)

LAST = "/var/lib/readyhost/backup/last.json"
AGED = f"""python3 -c 'import json, time
last = json.load(open("{LAST}")) if __import__("os").path.exists("{LAST}") else {{}}
last.setdefault("files", {{}})["success"] = time.time() - 40 * 3600
json.dump(last, open("{LAST}", "w"))'"""
SITE = "/etc/nginx/sites-enabled/app.conf"
# Slow by its rate, so that it is what visitors have of a slow answer.
BROKEN = (
    "location = /broken { return 500; } location = /slow {"
    " limit_rate 1k; limit_rate_after 0; root /var/www/slow; try_files /page =404; }"
)


def test_MON_03_a_second_run_changes_nothing(box: Host) -> None:
    assert not changes(box.second_run), box.second_run


def test_MON_03_a_unit_that_failed(box: Host, receivers: Receivers) -> None:
    box.ssh("systemd-run -q --unit=by-hand false; sleep 1; systemctl is-failed -q by-hand")
    mail, hook = receivers.wait("UnitFailed", evidence="by-hand.service")
    for told in ("by-hand.service", "systemctl status", "docs/alerts.md#unitfailed"):
        assert told in mail
    assert hook["labels"]["unit"] == "by-hand.service"
    box.ssh("systemctl reset-failed by-hand")
    receivers.wait("UnitFailed", "resolved", evidence="by-hand.service")


def test_MON_03_a_backup_that_is_old(box: Host, receivers: Receivers) -> None:
    box.ssh(f"mkdir -p $(dirname {LAST}); [ ! -e {LAST} ] || cp -p {LAST} /root/last; {AGED}")
    mail, _ = receivers.wait("BackupOld")
    assert "1d 16h" in mail and "alerts.limits.backup_hours = 30" in mail
    box.ssh(f"rm {LAST}; [ ! -e /root/last ] || mv /root/last {LAST}")
    receivers.wait("BackupOld", "resolved")


def test_MON_03_a_known_hole_in_the_live_release(box: Host, receivers: Receivers) -> None:
    """pip-audit looks, as every week; who knows of holes is a stand-in on the boxes' network."""
    planted = f"cd {INSTALLED} && mkdir Jinja2-2.11.1.dist-info"
    box.ssh(f"cp -p {TOLD} {TOLD}.kept; {planted}")
    try:
        with advisories() as address:
            tell(box, address)
            box.ssh("systemctl start host-maintained", timeout=300)
            mail, hook = receivers.wait("KnownHole", seconds=300)
            assert "1 packages or programs have one" in mail and "host-maintained show" in mail
            assert hook["labels"]["about"] == "hole"
            assert CVE in box.run("host-maintained show").stdout
            box.ssh(f"rmdir {INSTALLED}/Jinja2-2.11.1.dist-info; systemctl start host-maintained")
        receivers.wait("KnownHole", "resolved")
    finally:
        box.ssh(f"mv {TOLD}.kept {TOLD}; rm -rf {INSTALLED}/Jinja2-2.11.1.dist-info")


def test_MON_02_errors_and_slow_answers(box: Host, receivers: Receivers) -> None:
    box.ssh(
        "mkdir -p /var/www/slow; head -c 3000 /dev/zero >/var/www/slow/page;"
        f" cp -p {SITE} /root/site; sed -i '0,/listen .*443/s//{_escaped(BROKEN)} &/' {SITE};"
        " nginx -t -q && systemctl reload nginx"
    )
    for path, name in (("/broken", "Errors"), ("/slow", "SlowAnswers")):
        ask = (
            f"curl -sk -o /dev/null --resolve shop.example:443:127.0.0.1 https://shop.example{path}"
        )
        box.ssh(f"for i in $(seq 90); do {ask} & sleep 0.2; done; wait", timeout=100)
        mail, hook = receivers.wait(name)
        assert "% of the answers" in mail and hook["labels"]["app"] == "app"
    box.ssh(f"mv /root/site {SITE}; nginx -t -q && systemctl reload nginx")
    for name in ("Errors", "SlowAnswers"):
        receivers.wait(name, "resolved", 240)


def test_MON_07_a_backup_explains_load_and_a_silence_has_an_end(
    box: Host, receivers: Receivers
) -> None:
    box.ssh("systemd-run -q --unit=by-again false; sleep 1")
    box.ssh("flock /run/readyhost/backup-any.lock sleep 90 >/dev/null 2>&1 &")
    box.ssh("systemctl start host-facts; sleep 10")
    busy = "curl -sG http://127.0.0.1:9090/api/v1/query --data-urlencode query='{}'"
    said = json.loads(box.ssh(busy.format('readyhost_busy{what="backup"}')))
    assert said["data"]["result"][0]["value"][1] == "1"
    mail, _ = receivers.wait("UnitFailed", evidence="by-again.service")
    assert "a backup is running" in mail
    box.ssh("readyhost-alerts silence UnitFailed --for 1m --reason 'by hand' --by me")
    assert "by hand" in box.ssh("readyhost-alerts list")
    box.ssh("systemctl reset-failed by-again")


def test_alert_test_goes_the_whole_way(box: Host, receivers: Receivers) -> None:
    said = box.ssh("readyhost-alerts test", timeout=200)
    assert "email: taken" in said and "webhook: taken" in said
    receivers.wait("Test")
    receivers.wait("Test", "resolved")


def test_who_knows_no_password_silences_nothing(box: Host) -> None:
    asked = "curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:9093/api/v2/silences"
    assert box.ssh(f"runuser -u vagrant -- {asked}") == "401"
    assert box.run(f"runuser -u app -- {asked}").stdout == "000"
    assert box.run("runuser -u app -- cat /etc/prometheus/alertmanager.password").returncode
    assert box.run("runuser -u prometheus -- cat /etc/readyhost/alerts/alertmanager.yml").returncode


def test_no_address_is_in_the_journal(box: Host, receivers: Receivers) -> None:
    box.ssh("systemctl stop receivers; systemd-run -q --unit=by-hand false; sleep 75")
    box.ssh("systemctl reset-failed by-hand")
    said = box.ssh("journalctl -q -u prometheus-alertmanager --no-pager")
    assert "connection refused" in said and "/hook" not in said
    receivers.start()


def test_MON_06_who_is_dead_is_missed(box: Host, receivers: Receivers) -> None:
    """Prometheus alone: its heartbeat ends, the host's goes on."""
    name = box.ssh("hostname")
    box.ssh("systemctl stop prometheus")
    # What Alertmanager was told last is true for some minutes.
    time.sleep(330)
    before = receivers.beats(f"/beat/{name}"), receivers.beats(f"/host/{name}")
    assert min(before) > 0
    time.sleep(130)
    after = receivers.beats(f"/beat/{name}"), receivers.beats(f"/host/{name}")
    box.ssh("systemctl start prometheus")
    assert after[0] == before[0] and after[1] > before[1]


def _escaped(text: str) -> str:
    return text.replace("/", r"\/")
