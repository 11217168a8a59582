"""Another host that fetches the backups: neither of the two harms the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from roles.backup.pulled import COMMAND, READER
from tests.support.keeper import FETCHED, HOME, KEPT, Keeper
from vagrant.driver import Box

from .hosts import FOLDER

PARTS = {"database", "files", "system"}
# What somebody does who finds a hole in the rsync that sends.
PROBE = "/usr/local/lib/probe"
SENDER = """
import ctypes, os, socket
ELSEWHERE = "/etc/shadow /srv/app /root /var/backups /proc/1 /run/dbus /run/systemd/private".split()
def refused(attempt):
    try:
        return attempt() == -1
    except OSError:
        return True
print("root", os.getuid() == 0)
print("seen", *filter(os.path.lexists, ELSEWHERE), *os.listdir("/dev/shm"))
print("backups", *sorted(os.listdir("/backups")))
print("call", refused(lambda: ctypes.CDLL(None).ptrace(0, 0, 0, 0)))
print("network", refused(lambda: socket.create_connection(("127.0.0.1", 22), 1)))
print("write", refused(lambda: open("/backups/system", "ab")))
"""
# What somebody does who finds a hole in the rsync that receives.
RECEIVER = f"""#!/bin/sh
cd {KEPT} || exit  # on this host the mirror's rsync is the same program
find . -type f -exec sh -c 'for file; do echo x >>"$file"; chmod 4777 "$file"; done' sh {{}} +
find . -mindepth 2 -delete
find . -mindepth 1 -maxdepth 1 -exec mv {{}} {{}}.gone \\;
touch {KEPT}/planted {HOME}/planted {HOME}/.ssh/authorized_keys
ln -s /etc .coming/database
ln -s /etc/shadow .coming/system
"""
OTHERS = f"ls -lR {HOME}/.ssh /etc | sha256sum"
# A disk with 15 % left, and seconds until that has come.
NEARLY = (
    f"cd {KEPT} && set -- $(df --output=avail,size -B1 . | tail -n 1)"
    " && fallocate -l $(($1 - $2 * 15 / 100)) filler"
)

pytestmark = pytest.mark.timeout(600)


def test_SEC_07_who_fetches_reads_what_is_encrypted_and_nothing_else(
    host: Box, keeper: Keeper
) -> None:
    keeper.fetched()
    where = f"{FETCHED}@{host.ip}"
    for command, said in (
        (f"ssh {where} id", "only rsync is served"),
        (f"rsync -rt /etc/hostname {where}:/", "it is only read here"),
        (f"rsync -s -rt {where}:/etc/hostname .", "not with"),
        (f"echo /etc/hostname | rsync -rt --files-from=- {where}:/ .", "not with"),
    ):
        tried = keeper.tried(command)
        assert tried.returncode, tried.stdout
        assert said in tried.stderr
    host.ssh(f"ls {FOLDER}/dumps/*")  # which are plain
    keeper.tried(f"rm -rf all && mkdir all && rsync -rt {where}:{FOLDER}/dumps/ all/")
    assert set(keeper.tried("ls all").stdout.split()) == PARTS
    assert host.run(f"runuser -u {FETCHED} -- ls {FOLDER}/files").returncode
    assert COMMAND in host.ssh(f"sudo -l -U {FETCHED}")

    host.ssh(f"cat >{PROBE}", stdin=SENDER)
    changed = f"sed 's|{READER} --read /backups|/usr/bin/python3 -I {PROBE}|' {COMMAND}"
    assert host.ssh(f"{changed} | sh; rm {PROBE}").splitlines() == [
        "root False",
        "seen",
        "backups database files system",
        "call True",
        "network True",
        "write True",
    ]


def test_SEC_07_who_is_fetched_from_spoils_nothing_that_was_fetched_before(
    host: Box, keeper: Keeper, by_hand: None
) -> None:
    good = keeper.fetched()
    before = keeper.sums(good)
    old = "2020-01-01T000000Z"
    keeper.box.ssh(f"cp -al {KEPT}/{good} {KEPT}/{old}")

    rubbish = (
        "find . -type f -exec truncate -s 1 {} + && ln -s /etc data/link && mkfifo data/pipe"
        " && echo x >\"data/$(printf 'a\\nb')\""
    )
    with instead(host, "files", rubbish):
        spoilt = keeper.fetched()  # he has it fetch what he likes
        assert not keeper.box.ssh(f"find {KEPT} ! -type d ! -type f"), "but links and devices"
        assert old not in keeper.runs(), "whose time is over"
        assert keeper.sums(spoilt) != before
        keeper.box.ssh(f"cp -al {KEPT}/{good} {KEPT}/{old}")
        host.ssh("truncate -s 1G /mnt/instead/data/flood")
        keeper.box.ssh(NEARLY)
        reader = host.ssh(f"cat {READER}")
        slowly = reader.replace("rsync --server --sender", "rsync --server --sender --bwlimit=9999")
        with replaced(host, READER, slowly):
            said = keeper.fetch().stderr
        keeper.box.ssh(f"rm {KEPT}/filler")
        assert "is full to 90 %: what came is removed, and what was kept before is kept" in said
        assert not keeper.box.ssh(f"find {KEPT} -name '*flood*'")
    with instead(host, "database", "rm -r archive backup"):
        assert "has made no backup of its database for a day and a half" in keeper.fetch().stderr
    assert keeper.sums(good) == before
    assert old in keeper.runs(), "what is over stays until there is something new"

    runs, others = keeper.runs(), keeper.box.ssh(OTHERS)
    with replaced(keeper.box, "/usr/bin/rsync", RECEIVER):
        keeper.fetch()
    assert keeper.sums(good) == before
    assert set(keeper.runs()) >= set(runs)
    assert keeper.box.ssh(OTHERS) == others
    assert not keeper.box.ssh(f"find {HOME} -name planted -o -name '*.gone' -o -perm /6000")
    keeper.fetched()


@contextmanager
def replaced(box: Box, program: str, script: str) -> Iterator[None]:
    """A program is another one."""
    box.ssh(f"cp -p {program} /root/kept && cat >{program}", stdin=script)
    try:
        yield
    finally:
        box.ssh(f"mv /root/kept {program}")


@contextmanager
def instead(host: Box, part: str, script: str) -> Iterator[None]:
    """The host has something else in a part of its backups: a copy that a script changes."""
    folder = f"{FOLDER}/{part}"
    host.ssh(
        "exec 9>>/run/readyhost/backup-any.lock; flock -w 60 9"  # a job may still run
        " && mkdir /mnt/instead && mount -t tmpfs instead /mnt/instead && cd /mnt/instead"
        f" && cp -a {folder}/. . && {{ {script}; }} && mount --bind /mnt/instead {folder}"
    )
    try:
        yield
    finally:
        host.ssh(f"umount {folder} /mnt/instead && rmdir /mnt/instead")
