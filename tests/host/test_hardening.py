"""What a host does not need is off, and what faces the network can do little."""

from __future__ import annotations

import pytest

from .conftest import Host
from .stages import once

EXPOSURE = {  # units and the most that `systemd-analyze security` may say
    "nginx": 4.0,
    "redis-server": 2.0,
    "postgresql@*-main": 5.0,
    "pgbouncer": 5.0,
    "app-web-*": 2.0,
}


@pytest.mark.parametrize("pattern", EXPOSURE)
def test_HOST_03_units_that_face_the_network_are_confined(box: Host, pattern: str) -> None:
    units = box.ssh(
        f"systemctl list-units --plain --no-legend --state=active '{pattern}.service'"
        " | cut -d' ' -f1"
    ).split()
    assert units
    for unit in units:
        told = box.ssh(f"systemd-analyze security --no-pager {unit} | tail -n 1")
        assert float(told.split(": ")[1].split()[0]) <= EXPOSURE[pattern], told


def test_HOST_03_a_process_that_crashes_leaves_no_core(box: Host) -> None:
    limits = box.ssh("for p in $(pidof nginx redis-server); do cat /proc/$p/limits; done")
    cores = [line.split()[4:6] for line in limits.splitlines() if line.startswith("Max core")]
    assert cores
    assert all(core == ["0", "0"] for core in cores)
    assert box.ssh("runuser -u vagrant -- sh -lc 'ulimit -Hc'") == "0"


def test_HOST_03_services_see_a_tmp_of_their_own(box: Host) -> None:
    box.ssh("umask 022; echo seen >/tmp/everybody")
    try:
        main = box.ssh("systemctl show -p MainPID nginx | cut -d= -f2")
        assert box.run(f"nsenter -t {main} -m cat /tmp/everybody").returncode != 0
    finally:
        box.ssh("rm /tmp/everybody")


def test_HOST_03_nginx_writes_nowhere_else(box: Host) -> None:
    main = box.ssh("systemctl show -p MainPID nginx | cut -d= -f2")
    for path in ("/etc/nginx", "/usr/local/bin", "/srv", "/var/www"):
        tried = box.run(f"nsenter -t {main} -m touch {path}/planted")
        assert "Read-only file system" in tried.stderr, path


def test_HOST_03_sudo_is_logged(box: Host) -> None:
    mark = f"sudo-{box.ip.rpartition('.')[2]}"
    box.ssh(f"runuser -u vagrant -- sudo -n true {mark}; journalctl --sync")
    assert mark in box.ssh("journalctl -t sudo --no-pager -o cat -n 50")


@once
def test_HOST_03_kernel_settings_that_were_changed_by_hand_are_put_right(box: Host) -> None:
    path = "/proc/sys/net/ipv4/conf/all/log_martians"
    box.ssh(f"echo 0 >{path}")
    box.converge()
    assert box.ssh(f"cat {path}") == "1"
