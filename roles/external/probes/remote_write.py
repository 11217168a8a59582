"""A Prometheus elsewhere, or what speaks its remote write."""

from __future__ import annotations

import base64
import http.client
import os
import ssl
import struct
import time
import urllib.parse

from .service import TIMEOUT, Found, Refused, Wish, context

TRIED = "readyhost_remote_write_tried"
"""The one value that is sent to see whether values are taken."""

READ = 100_000  # bytes of what it says; cut here, the beginning of a secret would be told


def look(wish: Wish) -> Found:
    """What keeps a Prometheus' numbers: it takes one."""
    place = urllib.parse.urlsplit(wish["url"])
    tls = context(wish["authorities"])
    if wish["certificate"]:
        # The library takes files alone; these have no name.
        paths = []
        for text in (wish["certificate"], wish["private"]):
            memory = os.memfd_create("of-the-host")
            os.write(memory, text.encode())
            paths.append(f"/proc/self/fd/{memory}")
        tls.load_cert_chain(*paths)
    headers = {
        "Content-Type": "application/x-protobuf",
        "Content-Encoding": "snappy",
        "X-Prometheus-Remote-Write-Version": "0.1.0",
        "User-Agent": "readyhost",
    }
    if wish["user"]:
        pair = base64.b64encode(f"{wish['user']}:{wish['secret']}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    elif wish["secret"]:
        headers["Authorization"] = f"Bearer {wish['secret']}"
    server = http.client.HTTPSConnection(
        place.hostname or "", place.port or 443, timeout=TIMEOUT, context=tls
    )
    path = f"{place.path or '/'}{'?' if place.query else ''}{place.query}"
    labels = {"__name__": TRIED, "host": os.uname().nodename, **wish["labels"]}
    try:
        server.connect()
        try:
            server.request("POST", path, packed(written(labels, 1, time.time())), headers)
        except (ConnectionError, ssl.SSLEOFError):
            # By TLS 1.3 it judges a certificate while it is spoken to already, and hangs up: why is
            # there to be read all the same.
            server.sock.recv(1)
            raise
        answer = server.getresponse()
        words = " ".join(answer.read(READ).decode(errors="replace").split())
    except ssl.SSLError as error:
        if why := unknown(error.reason or ""):
            raise Refused(f"{stranger(wish)} ({why})") from error
        raise
    finally:
        server.close()
    said = " ".join(f"{answer.status} {answer.reason} {words}".split())
    # Nginx says it so, for want of a status of its own.
    if answer.status in (401, 403) or (answer.status == 400 and "SSL certificate" in words):
        raise Refused(f"{stranger(wish) if answer.status == 400 else visitor(wish)} ({said})")
    if not 200 <= answer.status < 300:
        raise Refused(f"it takes no value of remote write at that url ({said})")
    return f"{place.hostname} has taken one value, {TRIED}", []


def unknown(alert: str) -> str:
    """A server's alert, where it is about the certificate that was shown, or was not.

    >>> unknown("TLSV13_ALERT_CERTIFICATE_REQUIRED")
    'certificate required'
    >>> unknown("WRONG_VERSION_NUMBER")
    ''
    """
    _, is_alert, about = alert.partition("_ALERT_")
    told = about.endswith("_CA") or "CERTIFICATE" in about
    return about.lower().replace("_", " ") if is_alert and told else ""


def stranger(wish: Wish) -> str:
    """What is wrong where TLS does not know who comes."""
    if wish["certificate"]:
        return "it refuses the certificate in certificate_file"
    return "it wants a certificate: set certificate_file and key_file"


def visitor(wish: Wish) -> str:
    """What is wrong where the server does not."""
    if wish["user"]:
        return "it refuses user and password"
    if wish["secret"]:
        return "it refuses the token"
    return stranger(wish) if wish["certificate"] else "it wants to know who comes"


def written(labels: dict[str, str], value: float, when: float) -> bytes:
    """A request of remote write 1.0 with one value, in the encoding of protocol buffers."""
    pairs = (
        part(1, part(1, name.encode()) + part(2, text.encode()))
        for name, text in sorted(labels.items())
    )
    sample = b"\x09" + struct.pack("<d", value) + b"\x10" + varint(int(when * 1000))
    return part(1, b"".join(pairs) + part(2, sample))


def part(number: int, content: bytes) -> bytes:
    """A field that has a length."""
    return varint(number << 3 | 2) + varint(len(content)) + content


def varint(number: int) -> bytes:
    """
    >>> varint(300).hex()
    'ac02'
    """
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes(found) + bytes([number])


def packed(content: bytes) -> bytes:
    """As Snappy's block format has what is not compressed: literals of 60 bytes at most."""
    pieces = (content[at : at + 60] for at in range(0, len(content), 60))
    return varint(len(content)) + b"".join(bytes([len(p) - 1 << 2]) + p for p in pieces)
