"""A bucket with a lock: what the engines wrote there stays, whoever's key is stolen."""

from __future__ import annotations

import time
from datetime import datetime, timezone

import pytest

from tests.support.bucket import Bucket
from tests.support.mirror_host import MirrorHost
from tests.support.owner import operate
from tests.support.storage import ADDRESS, AUTHORITY, Storage
from vagrant.driver import Box

from .intruder import REFUSED

LOCKED, ANEW = "shop-locked", "shop-locked-2"
DAYS = 60
SHORTER = (
    "<Retention><Mode>{}</Mode><RetainUntilDate>2020-01-01T00:00:00Z</RetainUntilDate></Retention>"
)
BYPASS = {"x-amz-bypass-governance-retention": "true", "Content-MD5": "any"}

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def engines(mirror_host: MirrorHost) -> Box:
    """The box whose restic knows locks, beside what it is there for."""
    mirror_host.box.ssh("apt-get -qq install -y restic pgbackrest", timeout=300)
    return mirror_host.box


def test_SEC_07_a_lock_holds_against_the_owner_s_own_key(engines: Box, storage: Storage) -> None:
    key = storage.make(LOCKED, "locked", locked=DAYS)
    place = f"https://{ADDRESS}:{storage.port}"
    engines.ssh(f"cat > {AUTHORITY}", stdin=storage.authority)
    engines.ssh(
        "umask 077; cat > /root/engines; echo word > /root/word",
        stdin=f"export AWS_ACCESS_KEY_ID={key.name} AWS_SECRET_ACCESS_KEY={key.secret}\n"
        f"export PGBACKREST_REPO1_S3_KEY={key.name} PGBACKREST_REPO1_S3_KEY_SECRET={key.secret}\n"
        f"restic() {{ command restic --cacert {AUTHORITY} --password-file /root/word"
        f' -r s3:{place}/$bucket/readyhost "$@"; }}\n'
        "pgbackrest() { command pgbackrest --repo1-type=s3 --repo1-path=/readyhost/database"
        f" --repo1-s3-bucket=$bucket --repo1-s3-endpoint={ADDRESS} --repo1-s3-region=us-east-1"
        f" --repo1-storage-port={storage.port} --repo1-storage-ca-file={AUTHORITY}"
        ' --repo1-s3-uri-style=path "$@"; }\n',
    )
    engines.ssh(
        f". /root/engines; bucket={LOCKED}; restic -q init && restic -q backup /etc/ssl/certs"
        " && restic -q backup /etc/ssh && restic -q forget --prune --keep-last 1 --group-by ''"
        " && pgbackrest repo-put info < /etc/os-release",
        timeout=120,
    )
    time.sleep(1.1)  # the storage knows seconds
    moment = datetime.now(timezone.utc)
    time.sleep(1.1)
    with storage.client(storage.owner) as owners:
        bucket = Bucket(owners, LOCKED)
        kept = [each for each in bucket.versions() if not each.marks_removal]
        assert len(kept) > 5, "packs, an index, snapshots, a key"
        for each in kept:
            place, which = f"/{LOCKED}/{each.name}", {"versionId": each.number}
            shorter = which | {"retention": ""}
            for mode in ("COMPLIANCE", "GOVERNANCE"):
                text = SHORTER.format(mode)
                done = owners.put(place, params=shorter, content=text, headers=BYPASS)
                assert done.status_code == REFUSED, "nobody shortens it"
            assert owners.delete(place, params=which, headers=BYPASS).status_code == REFUSED
        bucket.remove((name, "") for name in bucket.names())
        assert {each.number for each in kept} <= {each.number for each in bucket.versions()}
    storage.make(ANEW, "unlocked")
    source = f"storage,version_at='{moment:%Y-%m-%dT%H:%M:%SZ}':{LOCKED}"
    operate(storage, f'rclone copy "{source}" storage:{ANEW}')
    owner = storage.owner
    engines.ssh(
        f". /root/engines; export AWS_ACCESS_KEY_ID={owner.name} bucket={ANEW}"
        f" AWS_SECRET_ACCESS_KEY={owner.secret}; restic -q restore latest --target /root/back"
        " && diff -r /etc/ssh /root/back/etc/ssh",
        timeout=120,
    )
