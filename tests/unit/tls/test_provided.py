"""A certificate from the operator's machine: what is taken, and what is refused with the reason."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.tls import Tls
from roles.tls.files import entries
from roles.tls.provided import Provided, read

from .authority import NOW, Issued, issue, store

NAMES = ("shop.example", "www.shop.example")
PROVIDED = Tls(certificate="provided", certificate_file=Path("chain.pem"), key_file=Path("key.pem"))


@pytest.fixture(scope="module")
def authority() -> Issued:
    return issue("An authority", days=1000)


def taken(root: Path) -> Provided:
    return read(PROVIDED, NAMES, root=root, now=NOW)


def test_a_chain_is_taken(tmp_path: Path, authority: Issued) -> None:
    store(tmp_path, issue(*NAMES, by=authority), authority)
    given = taken(tmp_path)
    assert given.chain.count("BEGIN CERTIFICATE") == 2
    assert "PRIVATE KEY" in given.key.get_secret_value()
    assert given.warning == ""


def test_a_wildcard_and_rsa_are_taken(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 2048)
    store(tmp_path, issue("shop.example", "*.shop.example", key=key))
    assert taken(tmp_path).chain


def test_text_around_the_pem_is_left_out(tmp_path: Path) -> None:
    leaf = issue(*NAMES)
    store(tmp_path, leaf)
    (tmp_path / "chain.pem").write_bytes(b"subject=/CN=x\n" + leaf.pem)
    assert taken(tmp_path).chain.startswith("-----BEGIN CERTIFICATE-----")


def test_an_end_that_is_near_is_said(tmp_path: Path) -> None:
    store(tmp_path, issue(*NAMES, days=20))
    assert "ends in 19 days" in taken(tmp_path).warning


def refusal(root: Path) -> str:
    with pytest.raises(OperatorError) as error:
        taken(root)
    return str(error.value)


def test_a_key_of_another_certificate(tmp_path: Path) -> None:
    store(tmp_path, issue(*NAMES), key=issue(*NAMES).key_pem())
    assert "belongs to another certificate" in refusal(tmp_path)


def test_names_that_are_not_covered(tmp_path: Path) -> None:
    store(tmp_path, issue("*.example", "www.shop.example.org"))
    said = refusal(tmp_path)
    assert "does not cover www.shop.example" in said  # a wildcard is one label
    assert "does not cover shop.example;" not in said


def test_an_expired_one(tmp_path: Path) -> None:
    store(tmp_path, issue(*NAMES, begin=NOW - timedelta(days=91), days=90))
    assert "expired on 2026-11-21 12:00 UTC" in refusal(tmp_path)


def test_one_that_is_not_valid_yet(tmp_path: Path) -> None:
    store(tmp_path, issue(*NAMES, begin=NOW + timedelta(hours=1)))
    assert "valid only from 2026-11-22 13:00 UTC" in refusal(tmp_path)


def test_a_chain_that_does_not_fit(tmp_path: Path, authority: Issued) -> None:
    store(tmp_path, issue(*NAMES, by=authority), issue("An authority"))
    assert "certificate 2 of the file did not sign the one before it" in refusal(tmp_path)


def test_a_weak_key(tmp_path: Path) -> None:
    store(tmp_path, issue(*NAMES, key=rsa.generate_private_key(65537, 1024)))
    assert "1024 bits" in refusal(tmp_path)


def test_a_key_that_browsers_do_not_know(tmp_path: Path) -> None:
    store(tmp_path, issue(*NAMES, key=ed25519.Ed25519PrivateKey.generate()))
    assert "neither ECDSA nor RSA" in refusal(tmp_path)


def test_a_key_with_a_passphrase(tmp_path: Path) -> None:
    leaf = issue(*NAMES)
    store(tmp_path, leaf, key=leaf.key_pem(b"open sesame"))
    assert "has a passphrase" in refusal(tmp_path)


def test_files_that_are_not_there_or_something_else(tmp_path: Path) -> None:
    assert "can't be read: No such file" in refusal(tmp_path)
    leaf = issue(*NAMES)
    store(tmp_path, leaf, key=b"nothing")
    assert "holds no PEM private key" in refusal(tmp_path)
    (tmp_path / "chain.pem").write_bytes(b"nothing")
    assert "holds no PEM certificate" in refusal(tmp_path)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    store(tmp_path, issue("a.test", begin=NOW - timedelta(days=91)), key=issue("b.test").key_pem())
    said = refusal(tmp_path)
    for part in ("another certificate", "cover shop.example", "cover www.shop", "expired"):
        assert part in said


def test_the_key_is_a_secret_on_its_way(tmp_path: Path) -> None:
    store(tmp_path, issue(*NAMES))
    given = taken(tmp_path)
    assert "PRIVATE" not in repr(given)
    files = entries(PROVIDED, given)
    assert "PRIVATE" not in repr(files)
    (key,) = [f for f in files if isinstance(f, File) and f.path.endswith("privkey.pem")]
    assert (key.mode, key.owner, key.secret) == (0o600, "root", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"certificate": "provided"},
        {"certificate": "provided", "key_file": "key.pem"},
        {"certificate_file": "chain.pem"},
        {"certificate": "letsencrypt"},
        {"self_signed_days": 30, "renew_before_days": 30},
    ],
)
def test_settings_that_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Tls(**wrong)


@pytest.mark.parametrize(("former", "name"), [("self-made", "self-signed"), ("given", "provided")])
def test_a_former_name_is_refused_with_the_present_one(former: str, name: str) -> None:
    with pytest.raises(ValueError, match=f"{former} is called {name} now"):
        Tls(certificate=former)
