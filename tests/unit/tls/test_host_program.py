"""The parts of the host's program that need no authority."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from roles.tls import definition
from roles.tls.acme import Acme
from roles.tls.host import authority, certificate, configuration, names, record, renewal
from roles.tls.host.certificate import DAY, Certificate
from roles.tls.host.errors import advised

from .authority import Issued, issue

HOUR = 3600


@pytest.fixture
def wanted() -> configuration.Configuration:
    """What the toolkit writes is what the program reads."""
    return configuration.parse(definition.definition(Acme(), ["a.test", "b.test"], "nginx"))


def stored(folder: Path, issued: Issued) -> Path:
    (folder / "fullchain.pem").write_bytes(issued.pem)
    (folder / "privkey.pem").write_bytes(issued.key_pem())
    return folder


@pytest.mark.parametrize(
    "key, said",
    [
        (ec.generate_private_key(ec.SECP256R1()), "ecdsa-p256"),
        (ec.generate_private_key(ec.SECP384R1()), "ecdsa-p384"),
        (rsa.generate_private_key(65537, 2048), "rsa-2048"),
    ],
)
def test_WEB_02_a_certificate_is_read_as_it_is(tmp_path: Path, key: Any, said: str) -> None:
    issued = issue("a.test", "*.b.test", key=key, days=45)
    found = certificate.read(stored(tmp_path, issued))
    assert found
    assert found.names == {"a.test", "*.b.test"}
    assert found.key == said
    assert found.begin == issued.certificate.not_valid_before_utc.timestamp()
    assert found.end == issued.certificate.not_valid_after_utc.timestamp()
    assert int(found.serial, 16) == issued.certificate.serial_number


def test_WEB_02_a_certificate_without_its_own_key_is_none(tmp_path: Path) -> None:
    assert certificate.read(tmp_path) is None
    stored(tmp_path, issue("a.test"))
    (tmp_path / "privkey.pem").write_bytes(issue("a.test").key_pem())
    assert certificate.read(tmp_path) is None


FITTING = Certificate("01", frozenset({"a.test", "b.test"}), "ecdsa-p256", 0, 1e11)


@pytest.mark.parametrize(
    "change, reason",
    [
        ({}, ""),
        ({"names": frozenset({"a.test"})}, "it lacks b.test"),
        ({"names": frozenset({"a.test", "b.test", "c.test"})}, "it is also for c.test"),
        ({"key": "rsa-2048"}, "its key is rsa-2048"),
        ({"end": 5.0}, "it has expired"),
    ],
)
def test_WEB_02_only_one_that_does_not_fit_is_asked_for(
    wanted: configuration.Configuration, change: dict[str, Any], reason: str
) -> None:
    assert certificate.misfits(replace(FITTING, **change), wanted) == ([reason] if reason else [])


def test_WEB_02_each_authority_has_a_certificate_of_its_own(
    wanted: configuration.Configuration,
) -> None:
    other = replace(wanted, directory="https://ca.example/directory")
    assert wanted.obtained != other.obtained
    assert "none of" in certificate.misfits(None, other)[0]


@pytest.mark.parametrize(
    "life, due",
    [(90 * DAY, 60 * DAY), (45 * DAY, 30 * DAY), (6 * DAY, 3 * DAY), (12 * 3600, 21600)],
)
def test_WEB_02_renewal_is_due_by_a_fraction_of_the_lifetime(life: float, due: float) -> None:
    found = replace(FITTING, begin=1000.0, end=1000.0 + life)
    assert found.due == 1000 + due
    assert found.due < found.overdue < found.end


@pytest.mark.parametrize(
    "life, every, most",
    [(90 * DAY, 12, 0), (6 * DAY, 12, 0), (12 * HOUR, 12, 2), (12 * HOUR, 2, 0)],
)
def test_WEB_02_a_timer_that_can_not_keep_up_is_told(
    wanted: configuration.Configuration, life: float, every: int, most: int
) -> None:
    found = replace(FITTING, begin=0.0, end=life)
    said = renewal.too_seldom(replace(wanted, renew_hours=every), found)
    assert (f"renew_hours = {most}" in said) if most else not said


class Folder(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[int]:
    """The port of a web server for `tmp_path`, on an address that is not 127.0.0.1."""
    handler = partial(Folder, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def known(monkeypatch: pytest.MonkeyPatch, **addresses: str) -> None:
    """Let names have these addresses; `shop.test` is written shop_test."""
    monkeypatch.setattr(
        names, "ip_address", lambda text: type("Public", (), {"is_loopback": False})
    )

    def resolve(name: str, port: int, **_: object) -> list[tuple[object, ...]]:
        address = addresses.get(name.replace(".", "_"))
        if not address:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(0, 0, 0, "", (each, port)) for each in address.split()]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_WEB_02_each_address_of_a_name_must_lead_here(
    tmp_path: Path, served: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    known(monkeypatch, a_test="127.0.0.1", b_test="127.0.0.1 127.0.0.9")
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda name, *a, **k: (real if name[0] == "1" else resolve)(name, *a, **k),
    )
    found = names.failures(["a.test", "b.test", "c.test"], tmp_path, served)
    assert len(found) == 2
    assert found[0].startswith(
        f"b.test, 127.0.0.9: does not answer on port {served} (Connection ref"
    )
    assert found[1] == "c.test has no address in the DNS (Name or service not known)"
    assert not [*(tmp_path / names.PATH).iterdir()], "the probe is left"


def test_WEB_02_another_web_server_is_told_from_ones_own(
    tmp_path: Path, served: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    known(monkeypatch, a_test="127.0.0.1")
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda name, *a, **k: (real if name[0] == "1" else resolve)(name, *a, **k),
    )
    (found,) = names.failures(["a.test"], tmp_path / "elsewhere", served)
    assert "answers 404, so it is not this host" in found


def test_WEB_02_a_name_in_etc_hosts_proves_nothing(tmp_path: Path) -> None:
    (found,) = names.failures(["localhost"], tmp_path)
    assert "says nothing of the DNS" in found


@pytest.mark.parametrize(
    "said, advice",
    [
        ("Error creating new order :: too many certificates (5) already", "a rate limit"),
        ("urn:ietf:params:acme:error:rateLimited", "a rate limit"),
        ("CAA record for shop.example prevents issuance", "a CAA record"),
        ("SSLCertVerificationError(1, ...)", "tls.acme.ca_file"),
        ("HTTPSConnectionPool(...): Max retries exceeded with url", "does not answer"),
        ("urn:ietf:params:acme:error:externalAccountRequired", "external_account_id"),
    ],
)
def test_WEB_02_a_failure_says_what_to_do(said: str, advice: str) -> None:
    assert advice in advised(said).splitlines()[-1]


def test_WEB_02_certbots_noise_is_left_out() -> None:
    said = (
        "Saving debug log to x\n\n- - - -\nAn unexpected error occurred:\nreason\nAsk for help or"
    )
    assert authority.clean(said) == "An unexpected error occurred:\nreason"


def test_WEB_02_how_the_last_attempt_ended_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "outcome.json"
    assert record.last(file) == record.Outcome()
    record.write("a reason", file)
    assert record.last(file).reason == "a reason"
    file.write_text("{half")
    assert record.last(file) == record.Outcome()
