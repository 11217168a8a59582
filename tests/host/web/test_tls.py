"""The certificate and the protocols of a converged host, asked from outside."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509

from roles.core.machine import SUPPORTED
from roles.nginx.features import features
from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once, once_at_all
from tests.support.client import Server
from tests.unit.tls.authority import Issued, issue, store

LIVE = "/etc/readyhost/tls/live"


@pytest.fixture
def web(box: Host) -> Server:
    return Server(DOMAIN, box.ip)


def shown(web: Server, name: str = DOMAIN) -> x509.Certificate:
    """The certificate that a client gets which asks for `name`."""
    with web.connect(name=name) as connection:
        assert isinstance(connection, ssl.SSLSocket)
        der = connection.getpeercert(binary_form=True)
    assert der
    return x509.load_der_x509_certificate(der)


def names(certificate: x509.Certificate) -> list[str]:
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return extension.value.get_values_for_type(x509.DNSName)


def test_WEB_02_the_self_made_certificate_is_for_the_domain(box: Host, web: Server) -> None:
    certificate = shown(web)
    assert names(certificate) == [DOMAIN]
    assert certificate.signature_hash_algorithm
    left = certificate.not_valid_after_utc - datetime.now(timezone.utc)
    assert left > timedelta(days=30)


def test_WEB_02_the_key_is_roots_alone(box: Host) -> None:
    assert box.ssh(f"stat -Lc '%a %U' {LIVE}/privkey.pem") == "600 root"
    assert box.run(f"runuser -u www-data -- cat {LIVE}/privkey.pem").returncode != 0
    # By standard input: an argument would itself be written to the log of sudo.
    search = f"sed -n 2p {LIVE}/privkey.pem | grep -rlFf - /etc /var /tmp /root /home 2>/dev/null"
    places = box.run(search).stdout.split()
    assert places == ["/etc/readyhost/tls/self-made/privkey.pem"]


def handshake(web: Server, version: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> str:
    """The cipher that was agreed on; raises ssl.SSLError when there is none."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(ciphers)
    context.minimum_version = context.maximum_version = version
    plain = socket.create_connection((web.address, web.https_port), 10)
    with context.wrap_socket(plain, server_hostname=DOMAIN) as connection:
        cipher = connection.cipher()
    assert cipher
    return cipher[0]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_WEB_02_old_protocols_are_refused(web: Server, version: ssl.TLSVersion) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)alert protocol version"):
        handshake(web, version)


def test_WEB_02_todays_protocols_with_forward_secrecy(web: Server) -> None:
    assert handshake(web, ssl.TLSVersion.TLSv1_2).startswith("ECDHE-ECDSA-")
    assert handshake(web, ssl.TLSVersion.TLSv1_3).startswith("TLS_")
    for weak in ("kRSA", "SHA1:@SECLEVEL=0", "ECDHE+AES+SHA256"):
        with pytest.raises(ssl.SSLError):
            handshake(web, ssl.TLSVersion.TLSv1_2, weak)


def test_WEB_02_sessions_are_resumed_without_tickets(web: Server) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    session = None
    for again in (False, True):
        plain = socket.create_connection((web.address, web.https_port), 10)
        with context.wrap_socket(plain, server_hostname=DOMAIN, session=session) as connection:
            assert connection.session_reused is again
            session = connection.session
            assert session is not None
            assert not session.has_ticket
            # Nginx keeps the session after its last word of the handshake: an answer comes later.
            connection.sendall(f"HEAD / HTTP/1.1\r\nHost: {DOMAIN}\r\n\r\n".encode())
            assert connection.recv(1)


@pytest.mark.parametrize("name", ["other.test", ""])
def test_WEB_02_unknown_names_learn_no_name(box: Host, web: Server, name: str) -> None:
    """Nginx of 1.19.4 and later refuses the handshake; earlier ones show who they are not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection((web.address, web.https_port), 10)
    if features(SUPPORTED[box.suite].nginx).reject_handshake:
        with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized name"):
            context.wrap_socket(plain, server_hostname=name or None)
        return
    with context.wrap_socket(plain, server_hostname=name or None) as connection:
        der = connection.getpeercert(binary_form=True)
        assert der
        assert names(x509.load_der_x509_certificate(der)) == ["invalid"]
        connection.sendall(b"GET / HTTP/1.1\r\nHost: other.test\r\n\r\n")
        assert connection.recv(100) == b""


@pytest.fixture(scope="module")
def renamed(box: Host) -> Iterator[str]:
    """The host with one more name; out: Nginx's process before."""
    process = box.ssh("cat /run/nginx.pid")
    box.converge(READYHOST_ALIASES=json.dumps([f"www.{DOMAIN}"]))
    yield process
    box.converge()


@once
def test_WEB_02_a_new_name_takes_a_new_certificate_and_a_reload(
    box: Host, web: Server, renamed: str
) -> None:
    assert names(shown(web)) == [DOMAIN, f"www.{DOMAIN}"]
    assert names(shown(web, f"www.{DOMAIN}")) == [DOMAIN, f"www.{DOMAIN}"]
    assert box.ssh("cat /run/nginx.pid") == renamed


def verified(web: Server, authority: Issued) -> bool:
    """Whether a client that trusts `authority` alone accepts the host."""
    context = ssl.create_default_context(cadata=authority.pem.decode())
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    plain = socket.create_connection((web.address, web.https_port), 10)
    with context.wrap_socket(plain, server_hostname=DOMAIN) as connection:
        return connection.version() == "TLSv1.3"


def given(root: Path, leaf: Issued, *others: Issued) -> dict[str, str]:
    """Settings for a given certificate in `root`."""
    store(root, leaf, *others)
    return {
        "READYHOST_TLS__CERTIFICATE": "provided",
        "READYHOST_TLS__CERTIFICATE_FILE": str(root / "chain.pem"),
        "READYHOST_TLS__KEY_FILE": str(root / "key.pem"),
    }


@once
def test_WEB_02_a_given_certificate_is_shown_with_its_chain(
    box: Host, web: Server, tmp_path: Path
) -> None:
    now = datetime.now(timezone.utc)
    authority = issue("An authority", begin=now - timedelta(days=1))
    leaf = issue(DOMAIN, by=authority, begin=now - timedelta(days=1))
    output = box.converge("-vvv", **given(tmp_path, leaf, authority)).stdout
    try:
        assert shown(web) == leaf.certificate
        assert box.ssh(f"stat -Lc '%a %U' {LIVE}/privkey.pem") == "600 root"
        secret = leaf.key_pem().decode().splitlines()[1]
        assert secret not in output
        assert verified(web, authority)
    finally:
        box.converge()
    assert names(shown(web)) == [DOMAIN]
    gone = box.run("ls /etc/readyhost/tls/given/privkey.pem")
    assert gone.returncode != 0, "a key that is not in use any more is still there"


@once_at_all
def test_WEB_02_a_certificate_that_can_not_be_used_changes_nothing(
    box: Host, web: Server, tmp_path: Path
) -> None:
    before = shown(web)
    old = issue(DOMAIN, begin=datetime.now(timezone.utc) - timedelta(days=100))
    run = box.pyinfra("-y", values=given(tmp_path, old), check=False)
    assert run.returncode != 0
    assert "expired on" in run.stdout
    assert "Traceback" not in run.stdout
    assert "Starting operation" not in run.stdout
    assert shown(web) == before


@once
def test_WEB_02_a_damaged_key_is_replaced_by_the_next_run(box: Host, web: Server) -> None:
    before = shown(web)
    box.ssh(f"openssl ecparam -name prime256v1 -genkey -noout > {LIVE}/privkey.pem")
    box.converge()
    after = shown(web)
    assert after != before
    assert names(after) == [DOMAIN]
