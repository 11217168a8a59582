"""The demo's picture: by the certificate that the box made; none where there is no browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from vagrant import picture


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    file = tmp_path / "own.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=demo.test"]
    subprocess.run(
        [*make, "-keyout", tmp_path / "key", "-out", file], check=True, capture_output=True
    )
    return file


def test_it_trusts_the_key_of_that_certificate(certificate: Path) -> None:
    public = subprocess.run(
        f"openssl x509 -in {certificate} -noout -pubkey | openssl pkey -pubin -outform der"
        " | openssl dgst -sha256 -binary | base64",
        shell=True, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert picture.key(certificate) == public.strip()


def test_without_a_browser_there_is_none(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "PROGRAMS", ("no-such-browser",))
    assert picture.take("demo.test", "127.0.0.1", certificate, tmp_path / "x.png") is None
