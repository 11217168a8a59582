"""A host whose numbers a Prometheus elsewhere keeps."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path

import pytest
from pydantic import ValidationError

from roles.core.entries import File
from roles.core.machine import Machine
from roles.firewall.rules import rules
from roles.handed import scraped as handed
from roles.monitoring import Around, Monitoring, Watched, is_local, is_remote, part, scraped
from roles.monitoring.files import entries, packages
from roles.rules.alerts import alerts_are_measured
from roles.rules.ports import ports_differ
from tests.unit.environments.model import settings

FROM = {"scraped_from": ["192.0.2.7/32"], "scraped_ca_file": "inventories/ca.pem"}
REMOTE = Monitoring(mode="remote", **FROM)
AROUND = Around((Watched("shop", "shop.example"), Watched("pages", "pages.example", serves=False)))
SMALL, LARGE = (Machine.example(memory_mb=mb) for mb in (1024, 1980))


def test_MON_08_who_asks_has_to_be_said() -> None:
    with pytest.raises(ValidationError, match="needs scraped_from and scraped_ca_file"):
        Monitoring(mode="remote")
    with pytest.raises(ValidationError, match="go together"):
        Monitoring(scraped_ca_file=Path("ca.pem"))


def test_MON_08_auto_keeps_numbers_where_there_is_room_for_them() -> None:
    auto = Monitoring(mode="auto", **FROM)
    assert is_local(auto, LARGE) and not is_remote(auto, LARGE)
    assert is_remote(auto, SMALL) and not is_local(auto, SMALL)
    bare = Monitoring(mode="auto")
    assert not is_remote(bare, SMALL) and not is_local(bare, SMALL)


def test_MON_08_no_prometheus_is_on_the_host() -> None:
    assert "prometheus" not in packages(AROUND, remote=True)
    found = [e.path for e in entries(REMOTE, SMALL, AROUND, remote=True)]
    assert not [path for path in found if "prometheus.service" in path or "prometheus.yml" in path]
    assert "/etc/systemd/system/mtail.service.d/readyhost.conf" in found
    names = [step.name for step in part(REMOTE, SMALL, around=AROUND).steps]
    assert names[0] == "Monitoring | begins, for a Prometheus elsewhere"


def test_MON_08_each_path_leads_to_one_url_on_loopback() -> None:
    found = {each.path: each for each in scraped(AROUND)}
    assert set(found) == {
        *("/node", "/postgres", "/redis", "/nginx", "/requests", "/probe/shop", "/probe/pages")
    }
    assert found["/redis"].behind == "http://127.0.0.1:9121/metrics"
    target = "target=https%3A%2F%2F127.0.0.1%2Fhealth"
    assert found["/probe/shop"].behind.endswith(f":9115/probe?module=shop&{target}")
    assert found["/probe/pages"].behind.endswith("127.0.0.1%2F")
    assert all(each.behind.startswith("http://127.0.0.1:") for each in found.values())


def test_MON_08_the_firewall_opens_its_port_to_its_addresses_alone() -> None:
    whole = settings(monitoring={"mode": "remote", **FROM})
    opened = [r for r in rules(handed.firewall(whole, SMALL), SMALL, 4) if r.port == 9443]
    assert [r.source for r in opened] == ["192.0.2.7/32"]
    assert not [r for r in rules(handed.firewall(whole, SMALL), SMALL, 6) if r.port == 9443]
    auto = settings(monitoring={"mode": "auto", **FROM})
    assert handed.firewall(auto, LARGE) == auto.firewall
    assert handed.scraped(auto, LARGE) is None
    assert ip_network("192.0.2.7/32") in whole.monitoring.scraped_from


def test_MON_08_a_port_is_one_programs_and_alerts_take_a_prometheus_here() -> None:
    taken = settings(monitoring={"mode": "remote", "scraped_port": 9100, **FROM})
    assert [each.keys for each in ports_differ(taken)] == [
        ("monitoring.scraped_port", "monitoring.mode")
    ]
    alerts = {"enabled": True, "webhook_url": "https://hooks.example/x"}
    (conflict,) = alerts_are_measured(
        settings(monitoring={"mode": "remote", **FROM}, alerts=alerts)
    )
    assert conflict.keys == ("alerts.enabled", "monitoring.mode")


def test_MON_08_what_the_other_prometheus_has_is_printed() -> None:
    own = {"mode": "remote", "service_series": 7000, **FROM}
    whole = settings(monitoring=own, hosts=["192.0.2.1", "2001:db8::1"])
    said = handed.configuration(whole)
    assert 'targets: ["192.0.2.1:9443", "[2001:db8::1]:9443"]' in said
    assert "{__metrics_path__: /probe/app, job: probe_app, app: app}" in said
    assert "server_name: shop.example" in said
    first, services = said.split("  - job_name: ")[1:]
    # Who uses these could name series; a node with many disks, which nobody could, has no bound.
    assert {"job: postgres", "job: redis"} == set(re.findall("job: [a-z]+", services))
    assert "sample_limit" not in first and "sample_limit: 7000\n" in services


def test_MON_08_nothing_of_the_prometheus_is_left_when_another_one_keeps_the_numbers() -> None:
    begins = part(REMOTE, SMALL, around=AROUND).steps[0]
    assert "disable -q --now" in str(vars(begins))
    files = [e for e in entries(REMOTE, SMALL, AROUND, remote=True) if isinstance(e, File)]
    assert all("9090" not in str(e.content) for e in files if "/usr/local/lib" not in e.path)
