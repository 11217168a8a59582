"""What a process of the application can do once somebody else runs in it: tried from within."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from tests.host.application import NAME, pid, units
from tests.host.conftest import Host
from tests.host.stages import once
from vagrant.driver import Completed

pytestmark = once

OTHER = "other"
SECRET = "another-applications"


@pytest.fixture(params=["web", "worker"])
def process(box: Host, request: pytest.FixtureRequest) -> int:
    return pid(box, units(box, request.param)[0])


def within(box: Host, process: int, command: str) -> Completed:
    """A shell command as the process' user, with the files and the users that the process sees."""
    who = box.ssh(f"awk '/^(Uid|Gid):/ {{print $2}}' /proc/{process}/status").split()
    entered = f"nsenter -t {process} -m -U -p -S {who[0]} -G {who[1]} -w"
    return box.run(f"{entered} sh -c {shlex.quote(command)}")


@pytest.fixture(scope="module")
def other(box: Host) -> Iterator[str]:
    """Another application on the same host, its files as this one's are."""
    box.ssh(
        f"useradd --system {OTHER}; install -d -m 700 /etc/{OTHER} /etc/{OTHER}/blue;"
        f" install -d -m 755 /srv/{OTHER}; install -d -m 2750 -o {OTHER} -g www-data"
        f" /srv/{OTHER}/uploads; umask 077; echo {SECRET} | tee /etc/{OTHER}/blue/env"
        f" /srv/{OTHER}/uploads/photo >/dev/null; cd /srv/{OTHER}/uploads;"
        f" chown {OTHER}:www-data photo; chmod 640 photo"
    )
    yield OTHER
    box.ssh(f"userdel {OTHER}; rm -r /etc/{OTHER} /srv/{OTHER}")


def test_APP_09_what_is_others_can_not_be_read(box: Host, process: int, other: str) -> None:
    files = (
        "/etc/shadow",
        "/etc/sudoers",
        f"/etc/{other}/blue/env",
        f"/srv/{other}/uploads/photo",
        f"/etc/{NAME}/blue/env",  # its own: systemd gave it what it needs
        "/etc/readyhost/tls/live/privkey.pem",
        "/var/lib/readyhost/manifest/nginx",
        "/var/log/nginx/access.log",
        "/home/vagrant/.ssh/authorized_keys",
        "/root/.profile",
    )
    for path in files:
        assert box.run(f"test -s {path}").returncode == 0, f"{path} is not there to be read"
        tried = within(box, process, f"cat {path}")
        assert tried.returncode != 0, f"{path} can be read"
        assert tried.stdout == ""
    assert SECRET not in within(box, process, f"cat /srv/{other}/uploads/* /etc/{other}/*").stdout


def test_APP_09_nothing_is_written_but_to_its_own_folders(box: Host, process: int) -> None:
    folders = (
        "/", "/etc", "/usr/local/bin", "/var/www", "/var/lib", "/var/log", "/srv", f"/srv/{NAME}",
        f"/srv/{NAME}/current", f"/srv/{NAME}/releases", "/run", "/boot", "/home", "/root", "/opt",
        "/var/spool/cron", "/dev/shm/..",
    )  # fmt: skip
    for folder in folders:
        assert within(box, process, f"touch {folder}/planted").returncode != 0, folder
    # Not even by a way that only looks like another place.
    link = f"/srv/{NAME}/uploads/way-out"
    assert within(box, process, f"ln -s /etc {link} && touch {link}/planted").returncode != 0
    assert within(box, process, f"rm {link}; touch {link} && rm {link}").returncode == 0


def test_APP_09_its_tmp_is_its_own(box: Host, process: int) -> None:
    box.ssh("umask 022; echo seen >/tmp/everybody")
    try:
        assert within(box, process, "cat /tmp/everybody").returncode != 0
        assert within(box, process, "echo mine >/tmp/mine && cat /tmp/mine").stdout == "mine\n"
        assert box.run("cat /tmp/mine").returncode != 0
    finally:
        within(box, process, "rm /tmp/mine")
        box.ssh("rm /tmp/everybody")


def test_APP_09_other_processes_are_not_seen(box: Host, process: int) -> None:
    users = within(box, process, "stat -c %U /proc/[0-9]*").stdout.split()
    assert users
    assert set(users) == {NAME}
