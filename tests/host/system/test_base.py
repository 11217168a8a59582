"""The host itself: packages whatever stands in the way, limits, upgrades, administrators."""

from __future__ import annotations

import json
import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roles.base.packages import SCRIPT
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from vagrant.running import work

PACKAGE = "tree"  # small, and nothing needs it
LOCKS = "/var/lib/apt/lists/lock /var/lib/dpkg/lock-frontend /var/cache/apt/archives/lock"
HOLD = """
import fcntl, sys, time
files = [open(path, "w") for path in sys.argv[1:]]
for file in files:
    fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
for file in files:
    time.sleep(3)
    file.close()
"""


@contextmanager
def settings(box: Host, **values: str) -> Iterator[None]:
    """The box with other settings, and afterwards with its own again."""
    box.converge(**values)
    try:
        yield
    finally:
        box.converge()


@contextmanager
def one_more_package(box: Host) -> Iterator[dict[str, str]]:
    """Settings that want PACKAGE, which is not there before and not there after."""
    purge = f"DEBIAN_FRONTEND=noninteractive apt-get -qq purge {PACKAGE}"
    box.ssh(purge)
    yield {"READYHOST_BASE__PACKAGES": json.dumps([PACKAGE])}
    box.ssh(purge)


def installed(box: Host, package: str = PACKAGE) -> bool:
    return box.run(f"dpkg-query -W -f '${{Status}}' {package}").stdout == "install ok installed"


@once_at_all
def test_HOST_01_another_package_manager_is_waited_for(box: Host) -> None:
    with one_more_package(box) as wanted:
        hold = f"python3 -c {shlex.quote(HOLD)} {LOCKS}"
        box.ssh(f"systemd-run --collect --quiet --unit=another-package-manager {hold}")
        time.sleep(0.5)
        assert box.ssh("systemctl is-active another-package-manager").strip() == "active"
        begin = time.monotonic()
        box.converge(**wanted)
        # dpkg's own is free after six, the archives' after nine
        assert time.monotonic() - begin > 8
        assert installed(box)


@once_at_all
def test_HOST_01_a_half_installed_package_is_put_right(box: Host) -> None:
    with one_more_package(box) as wanted:
        box.ssh(f"cd /tmp && apt-get -qq download {PACKAGE} && dpkg --unpack {PACKAGE}_*.deb")
        assert not installed(box)
        box.converge(**wanted)
        assert installed(box)
        assert box.ssh("dpkg --audit") == ""


@once_at_all
def test_HOST_01_a_service_does_not_start_before_it_is_configured(box: Host) -> None:
    try:
        box.ssh("sh -s -- 60 C.UTF-8 memcached memcached", stdin=SCRIPT.read_text())
        assert installed(box, "memcached")
        assert box.run("systemctl is-active memcached").stdout.strip() == "inactive"
        assert box.run("systemctl is-enabled memcached").stdout.strip() == "enabled"
        # Not for what comes after: an upgrade may start what it likes.
        assert box.run("test -e /usr/sbin/policy-rc.d").returncode != 0
    finally:
        box.ssh("DEBIAN_FRONTEND=noninteractive apt-get -qq purge memcached")


@once_at_all
def test_HOST_01_what_a_killed_run_left_holds_nothing_back(box: Host) -> None:
    box.ssh(
        "{ echo '#!/bin/sh'; echo ': READYHOST_HELD'; echo exit 101; } > /usr/sbin/policy-rc.d;"
        " chmod 755 /usr/sbin/policy-rc.d"
    )
    assert work(box.converge().stdout) == {"Base | packages": 1}
    assert box.run("test -e /usr/sbin/policy-rc.d").returncode != 0


def test_HOST_04_security_upgrades_run_every_day(box: Host) -> None:
    for timer in ("apt-daily.timer", "apt-daily-upgrade.timer"):
        assert box.ssh(f"systemctl is-enabled {timer}; systemctl is-active {timer}").split() == [
            "enabled",
            "active",
        ]
    periodic = box.ssh("apt-config dump APT::Periodic")
    assert 'APT::Periodic::Update-Package-Lists "1";' in periodic
    assert 'APT::Periodic::Unattended-Upgrade "1";' in periodic


def test_HOST_04_a_dry_run_upgrades_from_the_security_archive(box: Host) -> None:
    output = box.ssh("unattended-upgrade --dry-run --debug 2>&1", timeout=180)
    allowed = next(line for line in output.splitlines() if line.startswith("Allowed origins"))
    assert "security" in allowed.lower()


@once_at_all
def test_HOST_04_needrestart_never_asks(box: Host) -> None:
    box.ssh("DEBIAN_FRONTEND=noninteractive apt-get -qq install needrestart", timeout=180)
    try:
        # A terminal that nobody types at, and a library that running services use.
        result = box.run(
            "mkfifo /run/nobody; sleep 90 >/run/nobody & TERM=xterm timeout 80 script -qec"
            " 'apt-get -q -y install --reinstall zlib1g' /dev/null </run/nobody; status=$?;"
            " kill $!; rm /run/nobody; exit $status",
            timeout=120,
        )
        assert result.returncode == 0, result.stdout[-2000:]
        assert "estarting services" in result.stdout
    finally:
        box.ssh("DEBIAN_FRONTEND=noninteractive apt-get -qq purge needrestart", timeout=180)


def test_HOST_05_kernel_queues_hold_three_thousand_connections(box: Host) -> None:
    assert int(box.ssh("cat /proc/sys/net/core/somaxconn")) >= 3000
    assert int(box.ssh("cat /proc/sys/net/ipv4/tcp_max_syn_backlog")) >= 3000
    # The queue that a listening socket really got, not only the one it might have.
    web = box.ssh("ss -Hltn 'sport = :443' | awk '{print $3}'").split()
    assert web
    assert all(int(queue) >= 3000 for queue in web)


def test_HOST_05_every_service_may_open_enough_files(box: Host) -> None:
    limit = int(box.ssh("systemd-run --pipe --quiet --collect sh -c 'ulimit -Sn'"))
    most = int(box.ssh("awk '/^Max open files/ {print $5}' /proc/1/limits"))
    assert limit >= min(65_536, most)
    assert limit >= 3000 * 2


@once_at_all
def test_HOST_05_what_somebody_set_by_hand_is_set_right(box: Host) -> None:
    box.ssh("echo 128 > /proc/sys/net/core/somaxconn")
    changed = work(box.converge().stdout)
    assert changed == {"Base | kernel settings, upgrades and name": 1}
    assert int(box.ssh("cat /proc/sys/net/core/somaxconn")) >= 3000


def test_HOST_05_what_a_container_forbids_is_said(box: Host) -> None:
    assert box.ssh("systemd-detect-virt --container") == "lxc"
    for words in ("the clock", "vm.*, kernel.* and fs.* settings", "a swap file of"):
        assert f"skipped in a container: {words}" in box.first_run


@once_at_all
def test_HOST_05_time_zone(box: Host) -> None:
    assert box.ssh("date +%Z") == "UTC"
    with settings(box, READYHOST_BASE__TIMEZONE="Asia/Tokyo"):
        assert box.ssh("date +%Z") == "JST"
    assert box.ssh("date +%Z") == "UTC"


def test_HOST_05_locale_is_one_that_a_login_has(box: Host) -> None:
    assert box.ssh("su - vagrant -c 'locale charmap' 2>&1") == "UTF-8"


def login(box: Host, user: str, key: Path) -> subprocess.CompletedProcess[str]:
    """What `user` sees of `sudo id` on a connection of its own, with no other key than `key`."""
    return subprocess.run(
        [
            "ssh", "-F", "/dev/null", "-i", str(key), "-o", "IdentitiesOnly=yes",
            "-o", "IdentityAgent=none", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10",
            "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "LogLevel=ERROR", f"{user}@{box.ip}", "sudo -n id -u",
        ],
        text=True, capture_output=True, check=False, timeout=60,
    )  # fmt: skip


@once_at_all
def test_HOST_03_administrators_come_and_go(box: Host, tmp_path: Path) -> None:
    keys = [tmp_path / name for name in ("laptop", "desk")]
    public = []
    for key in keys:
        subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f", key], check=True)
        public.append(key.with_suffix(".pub").read_text().strip())

    with settings(box, READYHOST_BASE__ADMINS=json.dumps({"alice": public, "bob": public[:1]})):
        for user, key in (("alice", keys[0]), ("alice", keys[1]), ("bob", keys[0])):
            assert login(box, user, key).stdout.strip() == "0", (user, key)
        assert login(box, "bob", keys[1]).returncode == 255

        box.converge(READYHOST_BASE__ADMINS=json.dumps({"alice": public[1:]}))
        assert login(box, "alice", keys[1]).stdout.strip() == "0"
        assert login(box, "alice", keys[0]).returncode == 255, "a key that left still opens"
        assert login(box, "bob", keys[0]).returncode == 255, "an administrator who left comes in"
        # Nor does a key that bob hid elsewhere help, nor his password.
        box.ssh(
            "install -d -m 700 -o bob /home/bob/.ssh; cd /home/bob/.ssh;"
            f" echo '{public[0]}' > authorized_keys; chown bob authorized_keys"
        )
        assert login(box, "bob", keys[0]).returncode != 0
    assert login(box, "alice", keys[1]).returncode == 255
