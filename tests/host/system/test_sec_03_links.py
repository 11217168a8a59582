"""Root follows nobody's links: what it installs, rotates, asks and starts, while whoever owns a
folder puts links into it. Backups and restores have theirs in tests/backup, builds in
tests/releases."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from tests.host.application import NAME
from tests.host.stages import once
from tests.support.links import DOOR, SECRET, Canary, flipping, guarded_socket
from vagrant.driver import Box

pytestmark = once

# The way to each file that a run writes: every folder above the one that it is in.
WAYS = r"""
cat /var/lib/readyhost/manifest/* | while IFS= read -r way; do
  way=${way%/*}; while way=${way%/*} && [ "$way" ]; do printf '%s\n' "$way"; done
done | sort -u | xargs -d '\n' sh -c 'find -L "$@" -maxdepth 0 \( ! -uid 0 -o -perm /022 \)' find
"""
# What runs as these users has no way to put something else in the place of what root uses.
TAKEN = {
    "redis": ["/etc/redis/redis.conf", "/etc/redis"],
    "postgres": ["/etc/postgresql/*/main/conf.d", "/etc/postgresql/*/main", "/var/log/postgresql"],
    "syslog": ["/var/log/nginx", "/var/log/postgresql"],
    NAME: [f"/srv/{NAME}/uploads", f"/srv/{NAME}/live", f"/run/{NAME}/blue"],
    "www-data": ["/var/log/nginx/access.log", "/var/lib/nginx/body", "/var/cache/nginx"],
}
ILL = """
import sys
sys.path.insert(0, "/usr/local/lib/readyhost")
from backup import application
print(application._ill(sys.argv[1]))
"""
ROTATE = "printf 'su root adm\\ncreate\\ninclude {}\\n' > /run/rotate; logrotate -f /run/rotate"


@pytest.fixture
def canary(box: Box) -> Iterator[Canary]:
    made = Canary.put(box, "kept.log")
    yield made
    made.remove()


def test_SEC_03_only_root_may_change_the_way_to_what_a_run_writes(box: Box) -> None:
    assert box.ssh(WAYS) == ""
    for user, paths in TAKEN.items():
        for path in paths:
            move = f"runuser -u {user} -- mv -T $1 $1.links && mv -T $1.links $1"
            moved = box.run(f"set -- {path}; ls -d $1 && {move}")
            assert moved.returncode, f"{user} can put a link in the place of {path}"


def test_SEC_03_links_that_flip_lead_logrotate_and_tmpfiles_nowhere(
    box: Box, canary: Canary
) -> None:
    with flipping(box, f"/var/log/{NAME}", "syslog"):
        for _ in range(5):
            box.run(ROTATE.format(f"/etc/logrotate.d/{NAME}"))
            box.run("systemd-tmpfiles --create")
    planted = "/var/log/postgresql/planted.log"
    box.ssh(f"runuser -u postgres -- sh -c 'echo own > {planted}'")
    with flipping(box, planted, "postgres", "/etc/links-canary/kept.log"):
        for _ in range(5):
            box.run(ROTATE.format("/etc/logrotate.d/postgresql-common"))
    box.ssh(f"rm -f {planted}*; systemctl kill -s HUP rsyslog")
    canary.untouched()
    # By itself it still rotates what it should.
    box.ssh(f"cd /var/log/{NAME}; rm -f *.log.*; echo a line >> web.log")
    box.ssh(ROTATE.format(f"/etc/logrotate.d/{NAME}"))
    assert f"/var/log/{NAME}/web.log.1" in box.ssh(f"ls /var/log/{NAME}/*")


def test_SEC_03_root_asks_no_socket_that_a_link_leads_to(box: Box) -> None:
    slot = box.ssh(f"readlink -f /srv/{NAME}/live")
    with guarded_socket(box) as reached:
        box.ssh(f"runuser -u {NAME} -- ln -s {DOOR} {slot}/web-99.sock")
        with flipping(box, f"{slot}/web-1.sock", NAME, DOOR):
            for _ in range(3):
                box.run(f"{NAME}-release status", timeout=60)
            said = box.ssh(f"python3 -Ic {shlex.quote(ILL)} {NAME}")  # asked after each restore
        box.ssh(f"rm {slot}/web-99.sock")
        assert "web-99.sock" in said
        assert reached() == 0


def test_SEC_03_redis_starts_with_no_file_that_a_link_leads_to(box: Box, canary: Canary) -> None:
    folder, as_redis = "/var/lib/redis", "runuser -u redis --"
    box.ssh(
        f"systemctl stop redis-server; mv {folder} {folder}.kept;"
        f" install -d -m 750 -o redis -g redis {folder};"
        f" {as_redis} ln -s /etc/links-canary/kept.log {folder}/dump.rdb"
    )
    try:
        box.run("systemctl start redis-server")
        assert box.run(f"grep -rq {SECRET} {folder}/appendonly.aof").returncode
    finally:
        box.ssh(
            f"systemctl stop redis-server; rm -rf {folder}; mv {folder}.kept {folder};"
            " systemctl reset-failed redis-server; systemctl start redis-server"
        )
    canary.untouched()
