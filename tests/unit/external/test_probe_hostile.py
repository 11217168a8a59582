"""Who answers in the place of a service elsewhere, with a good certificate, and means harm."""

from __future__ import annotations

import base64
import shutil
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from roles.external import probe
from tests.support.provider import certificates

from .test_probe import ask

Said = Callable[[ssl.SSLSocket], None]


def endless(client: ssl.SSLSocket) -> None:
    """One answer that is longer than any memory."""
    client.recv(4096)
    client.sendall(b"$99999999999\r\n")
    while True:
        client.sendall(bytes(1 << 20))


def slow(client: ssl.SSLSocket) -> None:
    """A byte now and then, so that nobody takes it for silence."""
    while True:
        client.sendall(b"+")
        time.sleep(0.3)


def again(client: ssl.SSLSocket) -> None:
    """What was asked, word for word, as many a server does that is made to look into requests."""
    asked = client.recv(65536)
    while b"\r\n\r\n" not in asked or asked.endswith(b"\r\n\r\n"):
        asked += client.recv(65536)  # what is unread at the end would break the answer off
    head = f"HTTP/1.1 400 Bad\r\nContent-Length: {len(asked)}\r\nConnection: close\r\n\r\n"
    client.sendall(head.encode() + asked)


@contextmanager
def hostile(folder: Path, says: Said) -> Iterator[dict[str, Any]]:
    """A server that says that, as what is wanted of a Redis."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client = context.wrap_socket(door.accept()[0], server_side=True)
                    with client, suppress(OSError):
                        says(client)

        threading.Thread(target=serve, daemon=True).start()
        yield {
            "kind": "redis", "host": "localhost", "port": door.getsockname()[1], "name": "0",
            "user": "default", "password": "a-password-of-the-team", "key_of": "redis.external.url",
            "authorities": (folder / "ca.pem").read_text(), "hidden": [],
        }  # fmt: skip


@pytest.mark.parametrize(
    ("says", "why"),
    [(endless, "does not fit into 300 MiB"), (slow, "not come to an end within 2 s")],
)
def test_DB_11_who_answers_without_an_end_holds_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: Said, why: str
) -> None:
    certificates(tmp_path / "tls", "localhost")
    probes = shutil.copytree(probe.PROBES, tmp_path / "probes")
    seconds = 2 if says is slow else 40
    text = (probes / "service.py").read_text()
    text = text.replace("WHOLE = 40 ", f"WHOLE = {seconds} ").replace("= 1 << 30", "= 300 << 20")
    (probes / "service.py").write_text(text)
    monkeypatch.setattr(probe, "PROBES", probes)
    begin = time.monotonic()
    with hostile(tmp_path / "tls", says) as wish:
        (found,) = ask([wish])
    assert why in found.error
    assert time.monotonic() - begin < 20


def test_MON_09_nothing_of_a_secret_is_told_by_who_says_it_again(tmp_path: Path) -> None:
    certificates(tmp_path, "localhost")
    secret = "a-password-of-the-team"
    for user, sent in (("me", base64.b64encode(f"me:{secret}".encode()).decode()), ("", secret)):
        with hostile(tmp_path, again) as wish:
            (found,) = ask(
                [
                    {
                        **wish, "kind": "remote_write", "certificate": "", "labels": {},
                        "url": f"https://localhost:{wish['port']}/", "user": user,
                        "secret": secret, "hidden": [secret], "password": "",
                    }
                ]
            )  # fmt: skip
        assert "it takes no value of remote write" in found.error
        assert sent[:4] not in found.error
