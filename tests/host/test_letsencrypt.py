"""A certificate from a real authority, on a host that serves: obtained, changed, renewed, refused.

The tests are one story, in their order.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tests.support.authority import Authority
from tests.support.box import changes, number
from tests.support.client import Server
from tests.support.storage import ADDRESS
from tests.support.zone import Zone
from tests.unit.tls.authority import issue

from .conftest import DOMAIN, Host
from .stages import once
from .test_tls import given, handshake, names, shown

pytestmark = [once, pytest.mark.timeout(600)]

WWW, NEW = f"www.{DOMAIN}", f"new.{DOMAIN}"
SERVICE = "certificate.service"
HOURS = 12  # Caddy's certificates
LINEAGE = "ls /var/lib/readyhost/acme/live | grep site-"


@pytest.fixture(scope="module")
def authority(box: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """An authority for this box, which is left as it was: with a self-made certificate."""
    folder = tmp_path_factory.mktemp("authority")
    found = Authority(folder, dict.fromkeys((DOMAIN, WWW, NEW), box.ip), resolver(box))
    found.start()
    hosts = box.ssh("cat /etc/hosts")
    resolve(box, found.names)
    try:
        yield found
    finally:
        found.stop()
        box.ssh("cat > /etc/hosts", stdin=hosts + "\n")
        box.converge()
        box.ssh("rm -r /var/lib/readyhost/acme /etc/readyhost/tls/issued")
        assert names(shown(Server(DOMAIN, box.ip))) == [DOMAIN]
        assert box.run(f"systemctl cat {SERVICE} certificate.timer").returncode != 0


def resolver(box: Host) -> str:
    """An address of this machine for the name server of a box's names."""
    return f"127.53.53.{1 + number(box.suite)}"


@pytest.fixture
def zone(box: Host, authority: Authority) -> Iterator[Zone]:
    """The zone of the box's domain. It knows no address: nothing has to lead to the box."""
    found = Zone(authority.folder / "zone", DOMAIN, resolver(box))
    found.start()
    yield found
    found.stop()


@pytest.fixture
def web(box: Host) -> Server:
    return Server(DOMAIN, box.ip)


def resolve(box: Host, addresses: dict[str, str]) -> None:
    """Give names their addresses, as the box sees them."""
    lines = "".join(f"{address} {name}\n" for name, address in addresses.items())
    box.ssh("sed -i /example/d /etc/hosts; cat >> /etc/hosts", stdin=lines)


def deployed(
    box: Host,
    authority: Authority,
    *aliases: str,
    check: bool = True,
    more: Mapping[str, str] | None = None,
) -> str:
    """What a run with these aliases, and `more` settings, says."""
    values = {**authority.values(), "READYHOST_ALIASES": json.dumps([*aliases]), **(more or {})}
    result = box.pyinfra("-y", values=values, check=False)
    assert (result.returncode == 0) == check, result.stdout
    return result.stdout


def trusted(web: Server, authority: Authority) -> None:
    """A client that trusts the authority's root alone gets through."""
    context = ssl.create_default_context(cadata=authority.root)
    plain = socket.create_connection((web.address, web.https_port), 10)
    with context.wrap_socket(plain, server_hostname=web.domain) as connection:
        assert connection.version() == "TLSv1.3"


@contextmanager
def visited(web: Server) -> Iterator[Callable[[], int]]:
    """A visitor asks again and again, each time on a new connection. None of it may be lost; the
    function says how often it asked so far."""
    stop = threading.Event()
    wrong: list[object] = []
    answers: list[object] = []

    def ask() -> None:
        while not stop.is_set():
            try:
                answer = web.ask("/health", timeout=30)
                (answers if answer.status == 200 else wrong).append(answer)
            except OSError as error:
                wrong.append(error)

    visitor = threading.Thread(target=ask)
    visitor.start()
    try:
        yield lambda: len(answers)
    finally:
        stop.set()
        visitor.join(60)
    assert not wrong, wrong[:3]
    assert answers


def test_WEB_02_a_name_that_leads_elsewhere_is_listed_and_nobody_is_asked(
    box: Host, authority: Authority, web: Server
) -> None:
    resolve(box, {DOMAIN: box.ip, WWW: ADDRESS})
    said = deployed(box, authority, WWW, NEW, check=False)
    assert "not every name leads to this host" in said
    assert f"{WWW}, {ADDRESS}: does not answer on port 80" in said
    assert f"{NEW} has no address in the DNS" in said
    assert f"{DOMAIN}, {box.ip}" not in said
    assert "has a self-made certificate" in said
    assert authority.asked == []
    # The rest of the host is as it should be, and serves.
    assert names(shown(web)) == [DOMAIN, WWW, NEW]
    assert web.ask("/health").status == 200


def test_WEB_02_the_site_serves_while_the_authority_is_away(
    box: Host, authority: Authority, web: Server
) -> None:
    resolve(box, authority.names)
    authority.close()
    try:
        said = deployed(box, authority, WWW, check=False)
    finally:
        authority.serve()
    assert "the authority does not answer" in said
    assert "has a self-made certificate" in said
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
        tried = box.run("certificate obtain")
    finally:
        authority.limited = False
    assert tried.returncode == 1
    assert "retry after 2026-12-01" in tried.stderr
    assert "a rate limit of the authority" in tried.stderr
    assert "Traceback" not in tried.stderr
    assert authority.orders == 1  # and not again and again
    assert "rate limit" in box.run("certificate status").stdout


def test_WEB_02_the_authoritys_certificate_takes_the_place_of_the_self_made(
    box: Host, authority: Authority, web: Server
) -> None:
    nginx = box.ssh("cat /run/nginx.pid")
    with visited(web):
        deployed(box, authority, WWW)
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


def age(box: Host, authority: Authority, hours: float) -> x509.Certificate:
    """Make the host's certificate one that was issued `hours` ago, by its own authority; as if the
    clock had gone on. Out: that certificate."""
    folder = authority.folder / "data/caddy/pki/authorities/local"
    issuer = x509.load_pem_x509_certificate((folder / "intermediate.crt").read_bytes())
    key = load_pem_private_key((folder / "intermediate.key").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    young = shown(Server(DOMAIN, box.ip))
    begin = datetime.now(timezone.utc) - timedelta(hours=hours)
    old = (
        x509.CertificateBuilder(extensions=list(young.extensions))
        .subject_name(young.subject)
        .issuer_name(issuer.subject)
        .public_key(young.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(hours=HOURS))
        .sign(key, hashes.SHA256())
    )
    leaf = old.public_bytes(Encoding.PEM).decode()
    live = "/var/lib/readyhost/acme/live/" + box.ssh(LINEAGE)
    for name, content in (("cert", leaf), ("fullchain", leaf + issuer_pem(issuer))):
        box.ssh(f"cat > $(readlink -f {live}/{name}.pem)", stdin=content)
    return old


def issuer_pem(issuer: x509.Certificate) -> str:
    return issuer.public_bytes(Encoding.PEM).decode()


def forget_when_to_ask(box: Host) -> None:
    """The hours that certbot waits before it asks again when to renew are over."""
    box.ssh("sed -i /ari_retry_after/d /var/lib/readyhost/acme/renewal/site-*.conf")


def test_WEB_02_a_certificate_is_renewed_by_its_lifetime(
    box: Host, authority: Authority, web: Server
) -> None:
    orders, process = authority.orders, box.ssh("cat /run/nginx.pid")
    age(box, authority, HOURS / 2 - 1)
    box.ssh(f"systemctl start {SERVICE}")
    assert authority.orders == orders, "it was renewed too early"
    aged = age(box, authority, HOURS / 2 + 1)
    with visited(web) as asked:
        begin = asked()
        box.ssh(f"systemctl start {SERVICE}")
        assert asked() > begin
    assert shown(web) != aged
    assert shown(web).not_valid_before_utc > aged.not_valid_after_utc - timedelta(hours=HOURS)
    assert sorted(names(shown(web))) == sorted([DOMAIN, NEW, WWW])
    trusted(web, authority)
    assert authority.orders == orders + 1
    assert box.ssh("cat /run/nginx.pid") == process


def test_WEB_02_a_renewal_follows_what_the_authority_says(
    box: Host, authority: Authority, web: Server
) -> None:
    """ARI, RFC 9773: an authority that must revoke tells all clients to renew now."""
    before, orders = shown(web), authority.orders
    authority.renew_now()
    forget_when_to_ask(box)
    box.ssh(f"systemctl start {SERVICE}")
    assert authority.orders == orders + 1
    assert shown(web) != before
    tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
    authority.window = tomorrow, tomorrow + timedelta(hours=1)
    age(box, authority, HOURS / 2 + 1)
    forget_when_to_ask(box)
    box.ssh(f"systemctl start {SERVICE}")
    assert authority.orders == orders + 1, "it was renewed before the authority said so"
    authority.window = None


def test_WEB_02_nginx_is_reloaded_only_for_another_certificate(box: Host) -> None:
    def workers() -> str:
        return box.ssh("pgrep -P $(cat /run/nginx.pid)")

    box.ssh(f"systemctl start {SERVICE}")  # whatever was due is done
    before = workers()
    box.ssh(f"systemctl start {SERVICE}")
    assert workers() == before


def test_WEB_02_a_failed_renewal_is_loud_and_the_old_certificate_serves(
    box: Host, authority: Authority, web: Server
) -> None:
    aged, before = age(box, authority, HOURS * 0.9), shown(web)
    authority.limited = True
    try:
        assert box.run(f"systemctl start {SERVICE}").returncode != 0
        assert box.ssh(f"systemctl is-failed {SERVICE}") == "failed"
        assert "a rate limit" in box.ssh(f"journalctl -u {SERVICE} -n 20 -o cat")
        assert shown(web) == before
        said = deployed(box, authority, WWW, NEW, check=False)
        assert "a rate limit" in said
        assert "its former certificate, which is valid until" in said
        assert shown(web) == before
        assert web.ask("/health").status == 200
    finally:
        authority.limited = False
    said = deployed(box, authority, WWW, NEW)
    assert "TLS | certificate of the authority" in changes(said)
    assert shown(web) not in (before, aged)
    assert box.run(f"systemctl is-failed {SERVICE}").returncode != 0
    assert box.ssh("certificate check; echo $?") == "0"
    trusted(web, authority)


def test_WEB_02_a_certificate_that_nginx_can_not_take_leaves_the_old_one(
    box: Host, authority: Authority, web: Server
) -> None:
    live = "readlink /etc/readyhost/tls/live"
    before, link = shown(web), box.ssh(live)
    age(box, authority, HOURS / 2 + 1)
    box.ssh("echo 'no such directive;' > /etc/nginx/conf.d/broken.conf")
    try:
        assert box.run(f"systemctl start {SERVICE}").returncode != 0
    finally:
        box.ssh("rm /etc/nginx/conf.d/broken.conf")
    assert shown(web) == before
    assert box.ssh(live) == link, "a restart would serve what was not seen to work"
    orders = authority.orders
    box.ssh(f"systemctl start {SERVICE}")
    assert shown(web) != before
    assert authority.orders == orders, "what was obtained was asked for again"


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
