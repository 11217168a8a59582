"""What is served until an authority has issued the first certificate, whatever was there before."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from roles.tls import bootstrap
from roles.tls.settings import Tls

from .authority import issue

NAMES = ("a.test",)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A host's folders, in a place of the test's own."""
    places = {"LIVE": "live", "SELF_SIGNED": "self-made", "ISSUED": "issued"}
    for name, place in {**places, "FORMER": "issued/former", "MANIFEST": "manifest"}.items():
        monkeypatch.setattr(bootstrap, name, str(tmp_path / place))
    return tmp_path


def shell(script: str) -> bool:
    # Tests need not run as root; whose key it is makes no other difference.
    words = ["sh", "-c", script.replace("600:0", f"600:{os.getuid()}")]
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


def holds() -> bool:
    return shell(bootstrap.certificate(Tls(certificate="acme"), NAMES).test)


def begin() -> None:
    commands = bootstrap.certificate(Tls(certificate="acme"), NAMES).commands
    assert shell("\n".join(["set -e", *commands]))
    assert holds()


def put(folder: Path) -> bytes:
    issued = issue("a.test")
    folder.mkdir(parents=True)
    (folder / "fullchain.pem").write_bytes(issued.pem)
    (folder / "privkey.pem").write_bytes(issued.key_pem())
    return issued.pem


def test_WEB_02_a_new_host_serves_with_a_self_made_one(root: Path) -> None:
    assert not holds()
    begin()
    assert (root / "live").readlink() == root / "self-made"
    assert (root / "live/privkey.pem").stat().st_mode & 0o777 == 0o600


def test_WEB_02_one_that_was_given_serves_until_the_first_is_issued(root: Path) -> None:
    pem = put(root / "given")
    (root / "live").symlink_to(root / "given")
    (root / "manifest").write_text(f"{root}/given/privkey.pem\n{root}/live\n{root}/other\n")
    assert not holds()
    begin()
    (root / "given/privkey.pem").unlink()  # its files are no longer wanted
    assert (root / "live/fullchain.pem").read_bytes() == pem
    assert (root / "live/privkey.pem").exists()
    assert (root / "manifest").read_text().split() == [f"{root}/given/privkey.pem", f"{root}/other"]


def test_WEB_02_one_that_was_issued_stays(root: Path) -> None:
    pem = put(root / "issued/01-x")
    (root / "live").symlink_to(root / "issued/01-x")
    assert holds()
    begin()
    assert (root / "live/fullchain.pem").read_bytes() == pem
    assert not (root / "self-made").exists()


def test_WEB_02_an_issued_one_that_is_gone_is_replaced(root: Path) -> None:
    (root / "live").symlink_to(root / "issued/01-x")
    assert not holds()
    begin()
    assert (root / "live").readlink() == root / "self-made"
