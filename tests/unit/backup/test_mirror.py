"""The mirror's key, and what of the archive is new."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from pydantic import SecretStr

from roles.backup.host.mirror import newer
from roles.backup.keys import private, public
from tests.unit.environments import SECRETS

PASSPHRASE = SecretStr(SECRETS["backup"])


def test_openssh_reads_the_key_and_knows_its_public_half(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(private(PASSPHRASE).get_secret_value() + "\n")
    file.chmod(0o600)
    shown = subprocess.run(
        ["ssh-keygen", "-y", "-f", file], check=True, capture_output=True, text=True
    ).stdout
    assert shown.split()[:2] == public(PASSPHRASE).split()


def test_the_key_is_the_passphrases_and_no_others() -> None:
    assert private(PASSPHRASE) == private(PASSPHRASE)
    assert public(PASSPHRASE) != public(SecretStr("another " * 4))


def test_only_what_is_new_is_sent(tmp_path: Path) -> None:
    for name in ("old/a", "new/a", "new/b", "new/c.pgbackrest.tmp"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    long_ago = time.time() - 10_000
    for name in ("new/a", "old/a", "old"):
        os.utime(tmp_path / name, (long_ago, long_ago))
    assert newer(tmp_path, time.time() - 100) == [f"{tmp_path}/new/b"]
    assert newer(tmp_path / "nothing", 0) == []
