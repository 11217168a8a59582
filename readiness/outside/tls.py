"""WEB-02: the handshake, the chain, the way from plain HTTP."""

from __future__ import annotations

import socket
import ssl
import time
import warnings
from typing import TYPE_CHECKING

from ..outcome import Finding, either, false, true
from .client import TIMEOUT, Visitor

if TYPE_CHECKING:
    from settings import Settings

DAY = 86_400
LEFT = 10  # days: a certificate that has fewer was to be renewed long ago


def certificate(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """A browser trusts it, and it does not end soon."""
    try:
        with (
            socket.create_connection((visitor.address, 443), TIMEOUT) as stream,
            ssl.create_default_context().wrap_socket(
                stream, server_hostname=visitor.domain
            ) as secure,
        ):
            found = secure.getpeercert() or {}
            version = secure.version()
    except ssl.SSLCertVerificationError as error:
        return false(f"no browser trusts the certificate: {error.verify_message}")
    begins, ends = (ssl.cert_time_to_seconds(str(found[key])) for key in ("notBefore", "notAfter"))
    days = (ends - time.time()) / DAY
    words = f"{version}; the certificate has {days:.0f} days left"
    return true(words, begins) if days >= LEFT else false(words, begins)


def old_protocols(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """TLS 1.0 and 1.1 are refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        with (
            socket.create_connection((visitor.address, 443), TIMEOUT) as stream,
            context.wrap_socket(stream, server_hostname=visitor.domain) as secure,
        ):
            return false(f"{secure.version()} is spoken")
    except (ssl.SSLError, ConnectionResetError):
        return true("TLS 1.0 and 1.1 are refused")


def redirected(settings: Settings, visitor: Visitor, sample: str) -> Finding:
    """Plain HTTP leads to HTTPS, at once."""
    answer = visitor.ask("/", plain=True)
    where = answer.headers.get("location", "")
    good = answer.status in (301, 308) and where.startswith(f"https://{visitor.domain}/")
    return either(good, "plain HTTP leads to HTTPS", f"plain HTTP answers {answer.status} {where}")
