"""A host that alone has its backups says so, until somebody accepts it."""

from __future__ import annotations

from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support.readyhost import readyhost

WORDS = "no backup is away from this host"
LAST = 3
ACCEPTED = {"READYHOST_BACKUP__LOCAL_ONLY": "true"}


@once_at_all
def test_SEC_07_each_run_ends_by_saying_that_no_backup_is_away(box: Host) -> None:
    for output in (box.first_run, box.second_run, box.pyinfra("--dry").stdout):
        # others may have something to say, too
        last = "\n".join(output.rstrip().splitlines()[-LAST:])
        assert WORDS in last, output[-2000:]
        assert "backup.offsite.bucket" in last
        assert "backup.local_only" in last
    assert f"copies     {WORDS}" in readyhost(box, "status").stdout
    assert WORDS not in box.pyinfra("--dry", values=ACCEPTED).stdout
