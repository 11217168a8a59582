"""The shell that makes a certificate, run here; nothing in it needs a host."""

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from roles.tls.selfsigned import SelfSigned, all_current, is_current, make_all

from .authority import issue


def shell(script: str) -> bool:
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)
    return done.returncode == 0


def true(test: str) -> bool:
    # Tests need not run as root; whose key it is makes no other difference.
    return shell("set -e\n" + test.replace("600:0", f"600:{os.getuid()}"))


def current(certificate: SelfSigned) -> bool:
    return true(is_current(certificate))


def make_if_due(*certificates: SelfSigned) -> None:
    assert shell("\n".join(["set -e", *make_all(certificates)]))


@pytest.fixture
def wanted(tmp_path: Path) -> SelfSigned:
    return SelfSigned(str(tmp_path / "made"), ("shop.example", "www.shop.example"), 397, 30)


def loaded(certificate: SelfSigned) -> x509.Certificate:
    return x509.load_pem_x509_certificate(Path(certificate.directory, "fullchain.pem").read_bytes())


def test_it_is_made_when_there_is_none(wanted: SelfSigned) -> None:
    assert not current(wanted)
    make_if_due(wanted)
    assert current(wanted)
    made = loaded(wanted)
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["shop.example", "www.shop.example"]
    key = made.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    assert (made.not_valid_after_utc - made.not_valid_before_utc).days == 397


def test_the_key_is_for_root_alone_and_nothing_is_left(wanted: SelfSigned, tmp_path: Path) -> None:
    make_if_due(wanted)
    assert Path(wanted.directory, "privkey.pem").stat().st_mode & 0o777 == 0o600
    assert Path(wanted.directory, "fullchain.pem").stat().st_mode & 0o777 == 0o644
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


def test_one_that_fits_is_left_alone(wanted: SelfSigned) -> None:
    make_if_due(wanted)
    before = loaded(wanted).serial_number
    make_if_due(wanted)
    assert loaded(wanted).serial_number == before


@pytest.mark.parametrize(
    "change",
    [
        {"names": ("shop.example",)},
        {"names": ("shop.example", "www.shop.example", "a.example")},
        {"names": ("www.shop.example", "shop.exampl")},
        {"renew_before_days": 398},
    ],
)
def test_one_that_does_not_fit_is_made_anew(wanted: SelfSigned, change: dict) -> None:
    make_if_due(wanted)
    assert not current(replace(wanted, **change))


def test_a_key_that_belongs_elsewhere_or_is_gone_is_found(wanted: SelfSigned) -> None:
    make_if_due(wanted)
    key = Path(wanted.directory, "privkey.pem")
    key.write_bytes(issue("shop.example").key_pem())
    assert not current(wanted)
    key.unlink()
    assert not current(wanted)


def test_a_key_that_others_can_read_is_replaced(wanted: SelfSigned) -> None:
    make_if_due(wanted)
    Path(wanted.directory, "privkey.pem").chmod(0o644)
    assert not current(wanted)


def test_one_for_nobody_names_nobody(wanted: SelfSigned) -> None:
    nobody = replace(wanted, names=())
    make_if_due(nobody)
    assert current(nobody)
    assert loaded(nobody).subject.rfc4514_string() == "CN=invalid"


def test_a_name_too_long_for_the_subject(wanted: SelfSigned) -> None:
    long = replace(wanted, names=("x" * 60 + ".example",))
    make_if_due(long)
    assert current(long)


def test_several_are_one_question(wanted: SelfSigned, tmp_path: Path) -> None:
    other = replace(wanted, directory=str(tmp_path / "other"), names=())
    assert not true(all_current([wanted, other]))
    make_if_due(wanted)
    assert not true(all_current([wanted, other]))
    make_if_due(other)
    assert true(all_current([wanted, other]))
