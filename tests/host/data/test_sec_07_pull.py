"""Who may fetch the backups: an account that is there for as long as the settings have its key."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.host.conftest import Host
from tests.host.stages import once_at_all
from vagrant.running import work

USER = "readyhost-pull"
LEFT = f"find / -xdev -name '{USER}*' -o -xdev -name 'backup-pulled*' | grep -v ^/proc; true"


@once_at_all
def test_SEC_07_the_account_of_who_fetches_comes_and_goes_with_its_key(
    box: Host, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    public = " ".join((tmp_path / "key.pub").read_text().split()[:2])
    options = ("IdentitiesOnly=yes", "UserKnownHostsFile=/dev/null", "StrictHostKeyChecking=no")
    login = ["ssh", "-i", str(key), *(f"-o{each}" for each in options), f"{USER}@{box.ip}", "id"]

    def said() -> str:
        return subprocess.run(login, check=False, text=True, capture_output=True).stderr

    given = {"READYHOST_BACKUP__PULL__KEY": public}
    try:
        box.converge(**given)
        assert not work(box.converge(**given).stdout)
        assert "only rsync is served" in said()
    finally:
        box.converge()
    assert "Permission denied" in said()
    assert box.run(f"getent passwd {USER}").returncode
    assert not box.ssh(LEFT)
    assert not work(box.converge().stdout)
