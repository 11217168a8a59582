"""What an authority is asked for, and with what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.core.pip_environment import pins_of, read
from roles.tls import certbot, definition
from roles.tls.acme import STAGING, Acme
from tests.unit.environments import settings

ROOT = Path(__file__).parents[3]
NAMES = ("shop.example", "www.shop.example", "a.b.shop.example", "shop.test")


def written(acme: Acme) -> dict[str, File]:
    return {e.path: e for e in definition.entries(acme, NAMES) if isinstance(e, File)}


def ini(acme: Acme) -> str:
    return written(acme)["/etc/readyhost/acme/certbot.ini"].data.decode()


def test_WEB_02_names_that_a_wildcard_covers_are_not_asked_for() -> None:
    assert definition.names_of(Acme(), NAMES) == [*NAMES]
    wild = Acme(wildcard=True, dns={"plugin": "dns-cloudflare"})
    assert definition.names_of(wild, NAMES) == [
        "shop.example",
        "*.shop.example",
        "a.b.shop.example",
        "shop.test",
    ]


@pytest.mark.parametrize(
    "values, reason",
    [
        ({"wildcard": True}, "wildcard needs dns.plugin"),
        ({"staging": True, "directory": "https://ca.example/d"}, "leave it out where directory"),
        ({"external_account_id": "x"}, "belong together"),
        ({"directory": "http://ca.example/d"}, "directory"),
        ({"certbot": "distribution", "profile": "shortlived"}, "needs certbot = pinned"),
        ({"dns": {"credentials": {"a": "b"}}}, "for a plugin"),
        ({"dns": {"plugin": "dns-x", "credentials": {"a": "b\nc = d"}}}, "one line"),
        ({"dns": {"plugin": "dns-x", "credentials": {"a = b\nc": "d"}}}, "credentials"),
        ({"dns": {"plugin": "dns-x", "package": "x; rm -rf /"}}, "package"),
        ({"renew_hours": 24}, "less than or equal to 12"),
        ({"email": "a@b\nserver = x"}, "email"),
    ],
)
def test_WEB_02_what_can_not_work_is_refused(values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Acme(**values)
    assert reason in str(refused.value)


def test_WEB_02_secrets_are_in_files_of_root_alone() -> None:
    acme = Acme(
        external_account_id="kid",
        external_account_key="c2VjcmV0LWtleQ",
        dns={"plugin": "dns-x", "credentials": {"DNS_X_TOKEN": "t0ken"}},
    )
    for path, secret in (("certbot.ini", "c2VjcmV0LWtleQ"), ("dns.ini", "dns_x_token = t0ken\n")):
        file = written(acme).pop(f"/etc/readyhost/acme/{path}")
        assert secret in file.data.decode()
        assert (file.secret, file.mode) == (True, 0o600)
    others = [f for path, f in written(acme).items() if not path.endswith((".ini", ".py"))]
    assert not [f for f in others if b"t0ken" in f.data or b"c2Vjcm" in f.data]


def test_WEB_02_certbot_is_told_what_the_settings_say() -> None:
    assert f"server = {STAGING}\n" in ini(Acme(staging=True))
    assert "key-type = rsa\nrsa-key-size = 3072\n" in ini(Acme(key="rsa-3072"))
    assert "key-type = ecdsa\nelliptic-curve = secp384r1\n" in ini(Acme(key="ecdsa-p384"))
    assert "required-profile = shortlived\n" in ini(Acme(profile="shortlived"))
    dns = ini(Acme(dns={"plugin": "dns-x", "propagation_seconds": 7}))
    assert "authenticator = dns-x\ndns-x-propagation-seconds = 7\n" in dns
    assert "webroot" not in dns


def test_WEB_02_an_authority_of_ones_own_is_trusted_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    (tmp_path / "other").write_text("hello")
    acme = Acme(ca_file=Path("ca.pem"))
    text = definition.read_authority(acme, tmp_path)
    files = {e.path: e for e in definition.entries(acme, NAMES, authority=text)}
    assert "/etc/readyhost/acme/ca.pem" in files
    for name, reason in (("missing", "can't be read"), ("other", "holds no PEM")):
        with pytest.raises(OperatorError, match=reason):
            definition.read_authority(Acme(ca_file=Path(name)), tmp_path)


def test_WEB_02_certbot_asks_when_to_renew() -> None:
    """ARI is in certbot 4.1 and later."""
    version = pins_of(read(certbot.LOCK))["certbot"]
    assert f'"certbot=={version}",' in (ROOT / "pyproject.toml").read_text()
    major, minor = map(int, version.split(".")[:2])
    assert (major, minor) >= (4, 1)


def test_WEB_02_another_version_is_another_installation() -> None:
    jammy, noble = Machine.example("jammy"), Machine.example("noble")
    dns = Acme(dns={"plugin": "dns-cloudflare"})
    own = Acme(dns={"plugin": "dns-hetzner", "package": "certbot-dns-hetzner==2.0.1"})
    folders = {certbot.environment(acme).directory(jammy) for acme in (Acme(), dns, own)}
    assert len(folders | {certbot.environment(Acme()).directory(noble)}) == 4
    assert certbot.plugin(own) == ["certbot-dns-hetzner==2.0.1"]
    version = pins_of(read(certbot.LOCK))["certbot"]
    assert certbot.plugin(dns) == [f"certbot-dns-cloudflare=={version}"]


def test_SEC_05_certbot_is_installed_by_hashes_and_a_plug_in_beyond_them() -> None:
    machine = Machine.example("jammy")
    (line,) = [x for x in certbot.environment(Acme()).install(machine) if "pip install" in x]
    assert "--require-hashes" in line and "--only-binary=:all:" in line
    dns = certbot.environment(Acme(dns={"plugin": "dns-cloudflare"}))
    first, second = [x for x in dns.install(machine) if "pip install" in x]
    assert "--require-hashes" in first
    # what has a hash keeps its version
    assert "--require-hashes" not in second and "-c " in second and "dns-cloudflare" in second
    # a plug-in may have no built file
    assert "--prefer-binary" in second and "--only-binary" not in second


def test_WEB_02_the_distributions_certbot_is_a_setting() -> None:
    acme = Acme(certbot="distribution", dns={"plugin": "dns-rfc2136"})
    assert certbot.packages(acme) == ["certbot", "python3-certbot-dns-rfc2136"]
    assert certbot.program(acme) == "/usr/bin/certbot"
    assert not definition.definition(acme, NAMES, "nginx")["ari"]


def test_WEB_02_port_80_must_be_open_to_be_proved_by_a_file() -> None:
    from roles.rules import web

    acme: dict[str, Any] = {"certificate": "acme"}
    closed = {"web_ports": [443]}
    assert [*web.port_80_is_open(settings(tls=acme))] == []
    (conflict,) = web.port_80_is_open(settings(tls=acme, firewall=closed))
    assert "tls.acme.dns" in conflict.message
    by_dns = {**acme, "acme": {"dns": {"plugin": "dns-x"}}}
    assert [*web.port_80_is_open(settings(tls=by_dns, firewall=closed))] == []
