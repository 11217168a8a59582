"""What the tests of certificates do to a box, and how they look at it."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from tests.host.conftest import DOMAIN, Host
from tests.host.web.test_tls import shown
from tests.support.authority import Authority
from tests.support.client import Server

WWW, NEW = f"www.{DOMAIN}", f"new.{DOMAIN}"
SIX = "2001:db8:53::1"  # another address of the box (RFC 3849), that it reaches itself by
SERVICE = "certificate.service"
HOURS = 12  # Caddy's certificates
LINEAGE = "ls /var/lib/readyhost/acme/live | grep site-"


def resolve(box: Host, addresses: Mapping[str, Sequence[str]]) -> None:
    """Give names their addresses, as the box sees them."""
    lines = "".join(f"{one} {name}\n" for name, all_of_it in addresses.items() for one in all_of_it)
    box.ssh("sed -i /example/d /etc/hosts; cat >> /etc/hosts", stdin=lines)


def here(box: Host, *names: str) -> dict[str, list[str]]:
    """Names that lead to the box, by IPv4 and IPv6."""
    return {name: [box.ip, SIX] for name in names}


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


def issued(box: Host, authority: Authority, *aliases: str) -> None:
    """See that the box has a certificate of the authority. It has, unless the story does not begin
    with its first file, as when a test is tried again."""
    if box.run(LINEAGE).returncode:
        deployed(box, authority, *aliases)


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
