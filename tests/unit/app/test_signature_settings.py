"""What anybody's git is set to has no say in whether a signature is good."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from roles.app.source import resolve
from roles.core.errors import OperatorError

from .conftest import Repository
from .test_signature import public, sign, ssh_key

GOOD = """#!/bin/sh
echo '[GNUPG:] NEWSIG'
echo '[GNUPG:] GOODSIG 0 mallory'
echo 'Good "git" signature for mallory with ED25519 key'
"""
KINDS = ("gpg.program", "gpg.openpgp.program", "gpg.ssh.program", "gpg.x509.program")


@pytest.fixture(autouse=True)
def fresh() -> None:
    resolve.cache_clear()


def forge(repository: Repository, header: str) -> None:
    """Make the tag v2.0.0 with a signature of the kind of `header` that nobody made."""
    head = repository.git("rev-parse", "HEAD")
    signature = f"-----BEGIN {header}-----\nQUJD\n-----END {header}-----\n"
    tag = f"object {head}\ntype commit\ntag v2.0.0\ntagger M <m@x> 0 +0000\n\nv2\n{signature}"
    Path(repository.path, "tag").write_text(tag)
    made = repository.git("hash-object", "-t", "tag", "-w", "tag")
    repository.git("update-ref", "refs/tags/v2.0.0", made)


@pytest.fixture(params=["clone", "operator", "count", "parameters"])
def credulous(
    request: pytest.FixtureRequest,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """git is set, in each of the places that it looks at, to programs that like everything."""
    program = tmp_path / "good"
    program.write_text(GOOD)
    program.chmod(0o755)
    if request.param == "parameters":
        words = (f"'{kind}'='{program}'" for kind in KINDS)
        monkeypatch.setenv("GIT_CONFIG_PARAMETERS", " ".join(words))
        return
    for number, kind in enumerate(KINDS):
        if request.param == "clone":
            repository.git("config", kind, str(program))
        elif request.param == "operator":
            file = tmp_path / "gitconfig"
            subprocess.run(["git", "config", "-f", file, kind, str(program)], check=True)
            monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(file))
        else:
            monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", kind)
            monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", str(program))
            monkeypatch.setenv("GIT_CONFIG_COUNT", str(number + 1))


@pytest.mark.parametrize("header", ["SSH SIGNATURE", "PGP SIGNATURE", "SIGNED MESSAGE"])
@pytest.mark.usefixtures("credulous")
def test_REL_01_a_bad_signature_stays_bad(
    repository: Repository, tmp_path: Path, header: str
) -> None:
    repository.commit("v0")
    forge(repository, header)
    key = public(ssh_key(tmp_path, "alice"))
    with pytest.raises(OperatorError, match=r"v2\.0\.0 is not signed by anybody"):
        resolve(str(repository.path), "v2.0.0", "", (key, "A" * 40))


@pytest.mark.usefixtures("credulous")
def test_REL_01_a_good_signature_is_good(repository: Repository, tmp_path: Path) -> None:
    repository.commit("v0")
    key = ssh_key(tmp_path, "alice")
    sign(repository, "v1.0.0", key)
    assert resolve(str(repository.path), "v1.0.0", "", (public(key),)).tag == "v1.0.0"


def test_REL_01_an_object_in_the_place_of_another_is_not_what_is_verified(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("v0")
    key = ssh_key(tmp_path, "alice")
    sign(repository, "v1.0.0", key)
    forge(repository, "SSH SIGNATURE")
    bad, good = (repository.git("rev-parse", f"refs/tags/{t}") for t in ("v2.0.0", "v1.0.0"))
    repository.git("replace", bad, good)
    with pytest.raises(OperatorError, match=r"v2\.0\.0 is not signed by anybody"):
        resolve(str(repository.path), "v2.0.0", "", (public(key),))
