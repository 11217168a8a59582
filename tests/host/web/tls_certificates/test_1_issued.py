"""A certificate from a real authority, on a host that serves: refused, obtained, and obtained again
for one more name."""

from __future__ import annotations

import json
import ssl
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.host.web.test_tls import given, handshake, names, shown
from tests.host.web.tls_certificates.steps import (
    NEW,
    SIX,
    WWW,
    deployed,
    here,
    issued,
    resolve,
    trusted,
    visited,
)
from tests.support.authority import Authority
from tests.support.client import Server
from tests.support.storage import ADDRESS
from tests.unit.tls.authority import issue
from vagrant.running import changes

pytestmark = [once_at_all, pytest.mark.timeout(600)]


def test_WEB_02_a_name_that_leads_elsewhere_is_listed_and_nobody_is_asked(
    box: Host, authority: Authority, web: Server
) -> None:
    dead = "2001:db8:dead::1"
    resolve(box, {DOMAIN: [box.ip, dead], WWW: [ADDRESS]})
    said = deployed(box, authority, WWW, NEW, check=False)
    assert "not every name leads to this host" in said
    assert f"{WWW}, {ADDRESS}: does not answer on port 80" in said
    assert f"{NEW} has no address in the DNS" in said
    assert f"{DOMAIN}, {dead}: does not answer on port 80" in said
    assert f"{DOMAIN}, {box.ip}" not in said
    assert "has a self-signed certificate" in said
    assert authority.asked == []
    # The rest of the host is as it should be, and serves.
    assert names(shown(web)) == [DOMAIN, WWW, NEW]
    assert web.ask("/health").status == 200


def test_WEB_02_the_site_serves_while_the_authority_is_away(
    box: Host, authority: Authority, web: Server
) -> None:
    resolve(box, here(box, *authority.names))
    authority.close()
    try:
        said = deployed(box, authority, WWW, check=False)
    finally:
        authority.serve()
    assert "the authority does not answer" in said
    assert "has a self-signed certificate" in said
    assert "Traceback" not in said
    assert names(shown(web)) == [DOMAIN, WWW]
    assert web.ask("/health").status == 200


def test_WEB_02_a_given_certificate_serves_until_the_authority_has_issued_one(
    box: Host, authority: Authority, web: Server, tmp_path: Path
) -> None:
    leaf = issue(DOMAIN, WWW, begin=datetime.now(timezone.utc) - timedelta(days=1))
    aliases = {"READYHOST_ALIASES": json.dumps([WWW])}
    box.converge(**given(tmp_path, leaf), **aliases)
    authority.close()
    try:
        said = deployed(box, authority, WWW, check=False)
    finally:
        authority.serve()
    assert "its former certificate, which is valid until" in said
    box.ssh("systemctl restart nginx")
    assert shown(web) == leaf.certificate


def test_WEB_02_a_rate_limit_is_told_with_its_end(box: Host, authority: Authority) -> None:
    authority.limited = True
    try:
        said = deployed(box, authority, WWW, check=False)
        assert "retry after 2026-12-01" in said
        orders = authority.orders
        assert orders == 1  # and not again and again
        tried = box.run("certificate obtain")
    finally:
        authority.limited = False
    assert tried.returncode == 1
    assert "retry after 2026-12-01" in tried.stderr
    assert "a rate limit of the authority" in tried.stderr
    assert "Traceback" not in tried.stderr
    assert authority.orders == orders + 1
    assert "rate limit" in box.run("certificate status").stdout


def tried_at(box: Host) -> set[str]:
    """The addresses by which the box has got the file that it asks itself for."""
    box.ssh("kill -USR1 $(cat /run/nginx.pid)")  # makes every worker write what it has
    time.sleep(0.5)
    lines = box.ssh("grep acme-challenge/readyhost- /var/log/nginx/access.log").splitlines()
    entries = [json.loads(line) for line in lines]
    return {entry["client"] for entry in entries if entry["status"] == 200}


def test_WEB_02_the_authoritys_certificate_takes_the_place_of_the_self_made(
    box: Host, authority: Authority, web: Server
) -> None:
    nginx = box.ssh("cat /run/nginx.pid")
    with visited(web):
        deployed(box, authority, WWW)
    assert tried_at(box) == {box.ip, SIX}
    certificate = shown(web)
    assert sorted(names(certificate)) == [DOMAIN, WWW]
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    trusted(web, authority)
    assert box.ssh("cat /run/nginx.pid") == nginx, "Nginx was restarted"
    assert box.ssh("stat -Lc '%a %U' /etc/readyhost/tls/live/privkey.pem") == "600 root"
    assert box.ssh("systemctl is-enabled certificate.timer") == "enabled"
    assert box.ssh("systemctl is-active certificate.timer") == "active"


def test_WEB_02_a_second_run_changes_nothing_and_asks_nobody(
    box: Host, authority: Authority, web: Server
) -> None:
    issued(box, authority, WWW)
    before, asked = shown(web), len(authority.asked)
    assert changes(deployed(box, authority, WWW)) == {}
    assert len(authority.asked) == asked
    assert shown(web) == before


STRICT = {
    "READYHOST_TLS__PROFILE": "modern",
    "READYHOST_NGINX__HEADERS__HSTS_SUBDOMAINS": "true",
    "READYHOST_NGINX__HEADERS__HSTS_PRELOAD": "true",
}


def test_WEB_02_a_new_name_is_added_and_tls_is_as_strict_as_is_wanted(
    box: Host, authority: Authority, web: Server
) -> None:
    issued(box, authority, WWW)
    before, orders = shown(web), authority.orders
    with visited(web):
        said = deployed(box, authority, WWW, NEW, more=STRICT)
    with pytest.raises(ssl.SSLError, match=r"(?i)alert protocol version"):
        handshake(web, ssl.TLSVersion.TLSv1_2)
    assert handshake(web, ssl.TLSVersion.TLSv1_3)
    sent = web.ask("/health").header("strict-transport-security")
    assert sent == "max-age=63072000; includeSubDomains; preload"
    assert "TLS | certificate of the authority" in changes(said)
    assert sorted(names(shown(web))) == sorted([DOMAIN, NEW, WWW])
    assert shown(web, NEW) == shown(web) != before
    assert authority.orders == orders + 1
