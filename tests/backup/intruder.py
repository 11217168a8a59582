"""Somebody who has root on a host, and uses each key that he finds there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from tests.support.bucket import Bucket, Version
from tests.support.keeper import KEEPER
from tests.support.mirror_host import PLACE, SSH, USER, MirrorHost
from tests.support.rights import Key
from tests.support.storage import BUCKET, VERSIONING, Storage
from vagrant.driver import Box

TRIED = 20  # objects whose every version he tries to remove, one by one
RETENTION = (
    "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2020-01-01T00:00:00Z</RetainUntilDate>"
    "</Retention>"
)
REFUSED = 403
# With the host's own programs, what is here and what is in the storage.
ENGINES = """
systemctl stop cron
cd /usr/local/lib/readyhost && python3 - <<'END'
from backup import configuration, restic
for repository in configuration.load().repositories:
    every = [each["id"] for tag in ("files", "dump") for each in restic.snapshots(repository, tag)]
    restic.restic(repository, "forget", "--prune", *every)
END
runuser -u postgres -- pgbackrest --stanza=main stop
for number in 1 2; do
  runuser -u postgres -- pgbackrest --stanza=main --repo=$number stanza-delete --force
done
rm -rf /var/backups/readyhost/*
"""


@dataclass(frozen=True)
class Intruder:
    """Root on `box`, whose backups are in `storage` and at `away`, too."""

    box: Box
    storage: Storage
    mirror_host: MirrorHost

    def rages(self) -> None:
        """Destroy all that can be; assert that the rest is refused."""
        self.box.ssh(ENGINES, timeout=300)
        login = f"{SSH} -o BatchMode=yes {KEEPER}@{self.mirror_host.box.ip} true"
        assert "Permission denied" in self.box.run(login).stderr, "no way leads to who fetches"
        self._mirror()
        self._bucket()

    def _mirror(self) -> None:
        where = f"{USER}@{self.mirror_host.box.ip}"
        self.box.ssh(
            "rm -rf /root/empty; mkdir -p /root/empty/database && cd /root/empty"
            f" && rsync -e '{SSH}' -rt --delete-after ./ {where}:/"
            f" && echo rubbish > database/backup.info && rsync -e '{SSH}' -rtR ./ {where}:/"
        )
        assert self.mirror_host.box.ssh(f"cat $(find {PLACE}/now -type f)") == "rubbish"
        for target in (f"{PLACE}/former/", f"~{USER}/.ssh/"):
            # -s: rsync's own arguments by its standard input, past whoever looks at the command
            run = self.box.run(f"rsync -s -e '{SSH}' -rt --delete-after ./ {where}:{target}")
            assert "not with" in run.stderr, "no other place is reached"
        assert self.mirror_host.box.ssh(f"find {PLACE}/former -type f | wc -l") != "0"

    def _bucket(self) -> None:
        found = dict(
            line.split("=", 1) for line in self.box.ssh("grep = /etc/backup/storage").splitlines()
        )
        key = Key(found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"])
        with self.storage.client(key) as his, self.storage.client(self.storage.owner) as owners:
            mine = Bucket(his, BUCKET)
            for name in mine.names()[:TRIED]:
                assert his.put(f"/{BUCKET}/{name}", content="rubbish").is_success, "he may write"
            mine.remove((name, "") for name in mine.names())
            assert mine.names() == [], "and hide everything"
            assert his.get(f"/{BUCKET}?versions").status_code == REFUSED
            kept = [each for each in Bucket(owners, BUCKET).versions() if not each.marks_removal]
            assert len(kept) > TRIED
            for each in islice(kept, TRIED):
                self._version(mine, each)
            for what in ("versioning", "lifecycle", "policy", "object-lock", "acl"):
                done = his.put(f"/{BUCKET}?{what}", content=VERSIONING)
                assert done.status_code == REFUSED, what
            assert his.delete(f"/{BUCKET}").status_code == REFUSED

    def _version(self, mine: Bucket, each: Version) -> None:
        place, which = f"/{BUCKET}/{each.name}", {"versionId": each.number}
        assert mine.client.delete(place, params=which).status_code == REFUSED
        which["retention"] = ""
        assert mine.client.put(place, params=which, content=RETENTION).status_code == REFUSED
        done = mine.client.post(
            f"/{BUCKET}?delete",
            content=f"<Delete><Object><Key>{each.name}</Key><VersionId>{each.number}</VersionId>"
            "</Object></Delete>",
        )
        assert done.status_code == REFUSED or "AccessDenied" in done.text
