"""Another authority, a damaged certificate, a wildcard."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.host.web.test_tls import names, shown
from tests.host.web.tls_certificates.steps import NEW, WWW, deployed, resolve, trusted
from tests.support.authority import Authority
from tests.support.client import Server
from tests.support.zone import Zone
from vagrant.running import changes

pytestmark = [once_at_all, pytest.mark.timeout(600), pytest.mark.usefixtures("every_name")]


def test_WEB_02_another_authority_is_asked_once_and_the_former_not_again(
    box: Host, authority: Authority, web: Server
) -> None:
    """As when staging is switched on and off. It is the same server under another address."""
    files = "/etc/readyhost/acme/certificate.json /etc/readyhost/acme/certbot.ini"
    before, orders = shown(web), authority.orders
    box.ssh(f"sed -i 's#/directory#/directory?other#' {files}")
    assert box.run("certificate check").returncode == 1
    box.ssh("certificate obtain")
    assert authority.orders == orders + 1
    assert shown(web) != before
    box.ssh(f"sed -i 's#/directory?other#/directory#' {files}")
    box.ssh("certificate obtain")
    assert authority.orders == orders + 1
    assert shown(web) == before


def test_WEB_02_a_damaged_certificate_comes_back_without_asking(
    box: Host, authority: Authority, web: Server
) -> None:
    before, asked = shown(web), len(authority.asked)
    box.ssh("openssl ecparam -name prime256v1 -genkey > /etc/readyhost/tls/live/privkey.pem")
    assert box.run("certificate check").returncode == 1
    box.ssh("certificate obtain")
    box.ssh("nginx -t -q")
    assert shown(web) == before
    assert len(authority.asked) == asked
    assert box.run("certificate check").returncode == 0


def test_WEB_02_a_wildcard_is_proved_by_the_dns(
    box: Host, authority: Authority, web: Server, zone: Zone
) -> None:
    """And the key changes with it, to one of another kind."""
    resolve(box, {})  # no name leads anywhere
    values = {**zone.values(), "READYHOST_TLS__ACME__KEY": "ecdsa-p384"}
    said = deployed(box, authority, WWW, more=values)
    assert zone.secret not in said
    certificate = shown(web)
    assert sorted(names(certificate)) == sorted([DOMAIN, f"*.{DOMAIN}"])
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp384r1"
    trusted(web, authority)
    assert box.ssh("stat -c '%a %U' /etc/readyhost/acme/dns.ini") == "600 root"
    # Another name that the wildcard covers takes no other certificate.
    orders = authority.orders
    said = deployed(box, authority, WWW, NEW, more=values)
    assert "TLS | certificate of the authority" not in changes(said)
    assert authority.orders == orders
    assert shown(web, NEW) == certificate
