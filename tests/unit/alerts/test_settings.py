"""What cannot work is refused, and names the setting; what leaves the host goes where it is set."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from roles.alerts.document import written
from roles.alerts.files import entries
from roles.alerts.routes import configuration
from roles.alerts.settings import Alerts
from roles.core.entries import File
from roles.core.machine import Machine
from roles.rules.alerts import alerts_are_measured, alerts_fit, heartbeats_differ
from settings import Settings
from tests.unit.environments import settings

MAIL = {"to": ["ops@example.com"], "sender": "host@example.com", "host": "smtp.example.com"}
SECRET = "https://hooks.example/T0/B0/4f6c1d"
EVERY: dict[str, Any] = {
    "enabled": True,
    "mail": {**MAIL, "user": "host", "password": "a-mail-password-7f3a"},
    "webhook_url": SECRET,
    "slack_url": SECRET,
    "pagerduty_key": "a-pagerduty-key-91bd",
    "ntfy_url": "https://ntfy.example/topic",
    "heartbeat_url": "https://beats.example/m/{host}",
    "host_heartbeat_url": "https://beats.example/h/{host}",
}


def environment(mode: str = "local", **alerts: Any) -> Settings:
    return settings(monitoring={"mode": mode}, alerts=alerts)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"enabled": True}, "receiver"),
        ({"mail": {"to": ["ops@example.com"]}}, "host and sender"),
        ({"mail": {**MAIL, "user": "me"}}, "both of user and password"),
        ({"mail": {**MAIL, "host": "127.0.0.1", "user": "me", "password": "x"}}, "in clear"),
        ({"webhook_url": "http://hooks.example/x"}, "https://"),
        ({"telegram": {"chat": 7}}, "both of chat and token"),
    ],
)
def test_what_reaches_nobody_is_refused(wrong: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named) as refused:
        Alerts(**wrong)
    assert "hooks.example" not in str(refused.value)


def test_alerts_take_monitoring() -> None:
    (conflict,) = alerts_are_measured(environment("off", enabled=True, webhook_url=SECRET))
    assert conflict.keys[0] == "alerts.enabled" and "monitoring.mode" in conflict.message
    assert not list(alerts_are_measured(environment("local", enabled=True, webhook_url=SECRET)))
    assert not list(alerts_are_measured(environment("off")))


def test_a_host_that_auto_leaves_out_is_refused() -> None:
    auto = environment("auto", enabled=True, webhook_url=SECRET)
    small, large = Machine.example(memory_mb=1024), Machine.example(memory_mb=4096)
    assert any("alerts.enabled" in line for line in alerts_fit(auto, small, {}))
    assert not list(alerts_fit(auto, large, {}))


def test_telegram_is_refused_where_it_is_not_spoken() -> None:
    wanted = environment(enabled=True, telegram={"chat": -7, "token": "1:a-bot-token"})
    (line,) = alerts_fit(wanted, Machine.example("jammy"), {})
    assert line.startswith("alerts.telegram.chat")
    assert not list(alerts_fit(wanted, Machine.example("noble"), {}))


def test_no_heartbeat_stands_in_for_another() -> None:
    same = {"heartbeat_url": SECRET, "host_heartbeat_url": SECRET}
    (conflict,) = heartbeats_differ(environment("off", **same))
    assert conflict.keys[0] == "alerts.host_heartbeat_url"
    two = settings(hosts=["a.example", "b.example"], alerts={"heartbeat_url": SECRET})
    (conflict,) = heartbeats_differ(two)
    assert "{host}" in conflict.message


def test_alertmanager_takes_every_receiver(tmp_path: Path) -> None:
    (tmp_path / "alertmanager.yml").write_text(configuration(Alerts(**EVERY)))
    done = subprocess.run(
        ["amtool", "check-config", str(tmp_path / "alertmanager.yml")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert "3 receivers" in done.stdout, done.stdout + done.stderr


def test_each_way_is_for_people_and_says_when_it_is_over() -> None:
    people, nobody, beat = json.loads(configuration(Alerts(**EVERY)))["receivers"]
    kinds = {key for key in people if key.endswith("_configs")}
    assert kinds == {f"{kind}_configs" for kind in ("email", "webhook", "slack", "pagerduty")}
    assert all(way["send_resolved"] for kind in kinds for way in people[kind])
    assert [hook["url"] for hook in people["webhook_configs"]] == [
        SECRET,
        "https://ntfy.example/topic?template=alertmanager",
    ]
    assert beat["webhook_configs"][0]["url"] == "https://beats.example/m/@HOST@"
    assert list(nobody) == ["name"]


def test_mail_leaves_the_host_with_tls_alone() -> None:
    for host, tls in (("smtp.example.com", True), ("127.0.0.1", False)):
        alerts = Alerts(enabled=True, mail={**MAIL, "host": host})
        (mail,) = json.loads(configuration(alerts))["receivers"][0]["email_configs"]
        assert mail["require_tls"] is tls


def test_a_secret_is_in_no_file_that_others_read() -> None:
    for entry in entries(Alerts(**EVERY)):
        if isinstance(entry, File) and not entry.secret:
            assert not [
                word
                for word in ("a-mail-password-7f3a", "a-pagerduty-key", "beats.example", SECRET)
                if word.encode() in entry.data
            ], entry.path
        elif isinstance(entry, File):
            assert entry.mode == 0o600


def test_the_runbook_is_made_of_the_rules() -> None:
    for file, text in written().items():
        assert file.read_text() == text, "python -m settings examples writes it"
