"""Only a tag that somebody signed who may release is released."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from roles.app.source import resolve
from roles.core.errors import OperatorError

from .conftest import Repository, settings


@pytest.fixture(autouse=True)
def fresh() -> None:
    resolve.cache_clear()


def ssh_key(folder: Path, name: str) -> Path:
    key = folder / name
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)]
    subprocess.run(command, check=True)
    return key


def public(key: Path) -> str:
    return key.with_suffix(".pub").read_text().strip()


def sign(repository: Repository, tag: str, key: Path) -> None:
    """Sign the commit that is there as `tag`."""
    ssh = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={key}"]
    ssh += ["-c", "gpg.ssh.program=ssh-keygen"]
    repository.git(*ssh, "tag", "-s", "-m", tag, tag)


@pytest.fixture
def signed(repository: Repository, tmp_path: Path) -> tuple[str, Path]:
    """A repository with v1.0.0 signed by the key that is returned, and v0 signed by nobody."""
    repository.commit("v0", Procfile="web: x")
    key = ssh_key(tmp_path, "alice")
    sign(repository, "v1.0.0", key)
    return str(repository.path), key


def test_REL_01_a_tag_of_a_known_ssh_key_is_taken(signed: tuple[str, Path], tmp_path: Path) -> None:
    path, key = signed
    other = ssh_key(tmp_path, "bob")
    assert resolve(path, "v1.0.0", "", (public(other), public(key))).tag == "v1.0.0"
    allowed = tmp_path / "allowed_signers"
    allowed.write_text(f"alice@example.com {public(key)}\n")
    assert resolve(path, "v1.0.0", "", (str(allowed),)).tag == "v1.0.0"


def test_REL_01_a_tag_of_an_unknown_ssh_key_is_refused(
    signed: tuple[str, Path], tmp_path: Path
) -> None:
    path, _ = signed
    other = ssh_key(tmp_path, "mallory")
    for signer in (public(other), "A" * 40):
        with pytest.raises(OperatorError, match=r"v1\.0\.0 is not signed by anybody"):
            resolve(path, "v1.0.0", "", (signer,))


def test_REL_01_an_unsigned_tag_is_refused(
    repository: Repository, signed: tuple[str, Path]
) -> None:
    path, key = signed
    repository.git("tag", "light")
    with pytest.raises(OperatorError, match="v0 is not signed"):
        resolve(path, "v0", "", (public(key),))
    with pytest.raises(OperatorError, match=r"light is not signed .* a plain name of a commit"):
        resolve(path, "light", "", (public(key),))
    assert resolve(path, "v0").tag == "v0"


def test_REL_01_a_signed_tag_under_another_name_is_refused(
    repository: Repository, signed: tuple[str, Path]
) -> None:
    path, key = signed
    repository.git("update-ref", "refs/tags/v2.0.0", "refs/tags/v1.0.0")
    with pytest.raises(OperatorError, match=r"what was signed is the tag v1\.0\.0"):
        resolve(path, "v2.0.0", "", (public(key),))


@pytest.fixture
def keyring(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], str]]:
    """An OpenPGP keyring with the keys of two people; called with a name, a fingerprint."""
    home = tmp_path_factory.mktemp("gpg")
    home.chmod(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    gpg = ["gpg", "--batch", "--quiet", "--no-tty", "--pinentry-mode", "loopback"]

    def fingerprint(name: str) -> str:
        make = ["--passphrase", "", "--quick-gen-key", f"{name} <{name}@example.com>", "ed25519"]
        subprocess.run([*gpg, *make, "sign"], check=True, capture_output=True)
        listed = subprocess.run(
            [*gpg, "--with-colons", "--list-keys", name], check=True, capture_output=True, text=True
        ).stdout
        return next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))

    yield fingerprint
    subprocess.run(["gpgconf", "--kill", "all"], env={**os.environ}, check=False)


def test_REL_01_openpgp_keys_are_known_by_their_fingerprint(
    repository: Repository, keyring: Callable[[str], str], tmp_path: Path
) -> None:
    alice, mallory = keyring("alice"), keyring("mallory")
    repository.commit("v0")
    repository.git("-c", f"user.signingkey={alice}", "tag", "-s", "-m", "v1", "v1")
    path = str(repository.path)
    assert resolve(path, "v1", "", (alice,)).tag == "v1"
    other = public(ssh_key(tmp_path, "bob"))
    for signers in ((mallory,), (other,)):
        with pytest.raises(OperatorError, match=f"its OpenPGP key {alice} is not one of them"):
            resolve(path, "v1", "", signers)


def test_a_missing_file_of_signers_is_named(signed: tuple[str, Path]) -> None:
    with pytest.raises(OperatorError, match=r"app\.signed_by: /nowhere: No such file"):
        resolve(signed[0], "v1.0.0", "", ("/nowhere",))


@pytest.mark.parametrize(
    "signer",
    ["A" * 40, "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA alice", "~/.ssh/allowed", "./allowed_signers"],
)
def test_signers_are_keys_fingerprints_or_files(signer: str) -> None:
    assert settings(signed_by=[signer]).signed_by == (signer,)


@pytest.mark.parametrize("signer", ["", "alice", "A" * 39, "ssh-ed25519", "ssh-ed25519 A\nB"])
def test_whatever_else_is_refused(signer: str) -> None:
    with pytest.raises(ValidationError):
        settings(signed_by=[signer])
