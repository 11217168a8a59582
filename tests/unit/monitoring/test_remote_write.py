"""A host that sends what it measures to a server elsewhere as well."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from roles.core.entries import File
from roles.core.machine import Machine
from roles.monitoring import Around, Monitoring, Watched, part, sent
from roles.monitoring.files import entries
from roles.monitoring.sending import FILES, OF, SECRET, digest, files, wish

URL = "https://metrics.example/api/v1/write"
LOGIN = {"url": URL, "user": "shop", "password": "a-word-of-the-teams"}
AROUND = Around((Watched("shop", "shop.example"),))
CONFIGURATION = "/etc/prometheus/prometheus.yml"
UNIT = "/etc/systemd/system/prometheus.service.d/readyhost.conf"


def monitoring(**values: Any) -> Monitoring:
    return Monitoring.model_validate({"mode": "local", "remote_write": values})


def written(**values: Any) -> dict[str, str]:
    made = monitoring(**values)
    found = entries(made, Machine.example(), AROUND, sent=sent(made, "production"))
    return {e.path: str(e.content) for e in found if isinstance(e, File)}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"url": "http://metrics.example/"}, "String should match pattern"),
        ({"url": "https://u:p@metrics.example/"}, "holds a user"),
        ({"url": "https:///write"}, "names no host"),
        ({"url": URL, "user": "shop"}, "both of user and password"),
        ({**LOGIN, "token": "x"}, "not both"),
        ({"url": URL, "certificate_file": "a.pem"}, "both of certificate_file and key_file"),
        ({"series": ["up"]}, "must have a url"),
        ({"url": URL, "series": ["up|.*"]}, "String should match pattern"),
        ({"url": URL, "labels": {"host": "a"}}, "readyhost's own"),
        ({"url": URL, "labels": {"team": "$HOME"}}, "String should match pattern"),
        ({**LOGIN, "password": "two\nlines"}, "one line"),
    ],
)
def test_MON_09_what_cannot_be_is_refused(values: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        monitoring(**values)


@pytest.mark.parametrize("mode", ["off", "auto", "remote"])
def test_MON_09_it_takes_a_prometheus_on_the_host(mode: str) -> None:
    own = {"scraped_from": ["192.0.2.7/32"], "scraped_ca_file": Path("ca.pem")}
    with pytest.raises(ValidationError, match="needs mode = 'local'"):
        Monitoring.model_validate({"mode": mode, "remote_write": {"url": URL}, **own})


def test_MON_09_nothing_of_it_is_on_a_host_that_sends_nothing() -> None:
    found = written()
    assert "remote_write" not in found[CONFIGURATION]
    assert "external_labels" not in found[CONFIGURATION]
    assert "IPAddressDeny=any" in found[UNIT] and "AF_INET6" not in found[UNIT]
    assert not set(FILES) & set(found)


def test_MON_09_the_password_is_in_a_file_for_prometheus_alone() -> None:
    wanted = sent(monitoring(**LOGIN), "production")
    assert wanted
    found = {file.path: file for file in files(wanted)}
    secret = found.pop(SECRET)
    assert (secret.mode, secret.owner, secret.group) == (0o640, "root", "prometheus")
    assert secret.secret and secret.content == LOGIN["password"]
    others = [str(file.content) for file in found.values()]
    assert LOGIN["password"] not in "".join([*others, written(**LOGIN)[CONFIGURATION]])
    # A new password is read again, and is no change of the unit.
    steps = part(monitoring(**LOGIN), Machine.example(), around=AROUND, sent=wanted).steps
    service = next(s for step in steps for s in getattr(step, "services", ()))
    assert {entry.path for entry in service.configuration} >= {SECRET, CONFIGURATION}


def test_MON_09_what_is_sent_and_how_it_is_told_apart() -> None:
    said = written(**LOGIN, series=["up", "node_*"], labels={"team": 'a "b"'})[CONFIGURATION]
    assert '    host: ${HOST}\n    environment: "production"\n    team: "a ' in said
    assert 'regex: "up|node_.*"\n        action: keep' in said
    assert "write_relabel_configs" not in written(**LOGIN)[CONFIGURATION]
    assert f"credentials_file: {SECRET}" in written(url=URL, token="t")[CONFIGURATION]


def test_MON_09_prometheus_reaches_no_more_than_it_has_to() -> None:
    named = written(**LOGIN)[UNIT]
    # A stop waits no minute for a server that is away.
    assert "--storage.remote.flush-deadline=10s \\\n" in named
    assert "169.254.0.0/16" in named.rpartition("IPAddressDeny=")[2]
    by_address = written(**{**LOGIN, "url": "https://[2001:db8::7]:9090/w"})[UNIT]
    assert by_address.rpartition("IPAddressDeny=")[2].startswith("any\n")
    assert "IPAddressAllow=localhost 2001:db8::7\n" in by_address


def test_MON_09_a_changed_password_is_another_digest() -> None:
    both = [sent(monitoring(**{**LOGIN, "password": word}), "p") for word in ("one", "two")]
    assert both[0] and both[1]
    assert digest(both[0]) != digest(both[1])
    assert wish(both[0])["hidden"] == ["one"]
    assert wish(both[0])["key_of"] == OF
