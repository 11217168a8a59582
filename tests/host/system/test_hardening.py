"""What a host does not need is off, and what faces the network can do little."""

from __future__ import annotations

import contextlib
import shlex
import socket
import subprocess
from fnmatch import fnmatch

import pytest

from roles.base import Base
from roles.base import files as base
from roles.base import live_values as base_live
from roles.core.entries import File
from roles.core.machine import Machine
from roles.hardening import ASK, Hardening, live_values
from roles.hardening.files import AUDIT, entries
from tests.host.conftest import Host
from tests.host.planted import planted
from tests.host.stages import once
from tests.support.suites import number

DROPPED = (  # how many packets the kernel did not take for their way back
    "python3 -c 'import sys; names, values, *_ = [line.split() for line in sys.stdin];"
    ' print(dict(zip(names, values))["IPReversePathFilter"])\' </proc/net/netstat'
)
EXPOSURE = {  # units and the most that `systemd-analyze security` may say
    "nginx": 4.0,
    "redis-server": 2.0,
    "postgresql@*-main": 5.0,
    "pgbouncer": 5.0,
    "app-web-*": 2.0,
    "rsyslog": 2.6,
    "fail2ban": 2.5,
    # Whatever an administrator does is a child of these two.
    "ssh": 8.9,
    "cron": 8.9,
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
    orders = ("/run/systemd/system", "/run/tmpfiles.d", "/run/udev", "/run/sudo")
    for path in ("/etc/nginx", "/usr/local/bin", "/srv", "/var/www", *orders):
        tried = box.run(f"nsenter -t {main} -m touch {path}/planted")
        assert "Read-only file system" in tried.stderr, path


@pytest.mark.parametrize("unit", ["host-maintained", "app_verify", "app-watchdog"])
def test_HOST_03_what_runs_by_the_clock_writes_nothing_in_run(box: Host, unit: str) -> None:
    for folder in ("/run", "/run/systemd/system"):
        assert "Read-only file system" in planted(box, unit, folder), folder


def test_HOST_05_the_kernel_has_each_value_on_each_interface(box: Host) -> None:
    """What is in the files is not yet in force: systemd, ufw and cloud images set some of it."""
    machine = Machine.example(box.suite, container=True)
    wanted = base_live.kernel_values(base.entries(Base(), machine))
    wanted |= live_values.kernel_values(entries(Hardening(), machine))
    said = box.ssh(f"for f in {' '.join(wanted)}; do echo $f $(cat $f); done")
    found = dict(line.split(maxsplit=1) for line in said.splitlines())
    assert len(found) > len(wanted), "no interface was looked at"
    differ = {
        path: value
        for path, value in found.items()
        for name, one in wanted.items()
        if fnmatch(path, name) and value != one
    }
    assert differ == {}


@once
def test_HOST_03_a_packet_whose_way_back_is_another_is_dropped(box: Host) -> None:
    """A neighbour speaks with an address of a network that the host has on another interface."""
    first = 16 * number(box.suite)
    own, neighbour = f"192.0.2.{first + 1}/28", f"192.0.2.{first + 2}"
    box.ssh(f"ip link add other type veth peer name beyond && ip address add {own} dev other")
    box.ssh("ip link set beyond up; ip link set other up")
    subprocess.run(["ip", "address", "replace", f"{neighbour}/32", "dev", "lo"], check=True)
    try:
        before = int(box.ssh(DROPPED))
        with contextlib.suppress(OSError):  # none of the answers comes here
            socket.create_connection((box.ip, 443), 0.5, (neighbour, 0)).close()
        assert int(box.ssh(DROPPED)) > before
        # A second uplink, which would make the paths of the next run loose.
        assert box.ssh(ASK) == "told uplink eth0"
        box.ssh("ip route add default dev other metric 9999")
        assert box.ssh(ASK).splitlines() == ["told uplink eth0", "told uplink other"]
    finally:
        subprocess.run(["ip", "address", "del", f"{neighbour}/32", "dev", "lo"], check=True)
        box.ssh("ip link del other")


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


@once
def test_HOST_03_modules_that_no_web_host_needs_never_load(box: Host) -> None:
    """By the program that loads them; a container has no modules of its own to try it with."""
    asked = " ".join(Hardening().blocked_modules)
    shown = box.ssh(f"for m in {asked}; do modprobe -n -v $m; done").splitlines()
    assert [line.strip() for line in shown] == ["install /bin/false"] * len(asked.split())
    # A socket of that kind is how anybody on the host would load one.
    assert box.run("modprobe dccp").returncode != 0
    assert "install" not in box.run("modprobe -n -v overlay").stdout, "it says so of any module"


# What auditctl says of a rule that it has understood, in a container, whose kernel takes none.
UNDERSTOOD = "Error sending add rule data request (Operation not permitted)"


@once
def test_HOST_03_the_rules_of_the_audit_trail_are_rules(box: Host) -> None:
    """Read by auditd's own program, up to the kernel, which is the machine's."""
    machine = Machine.example(box.suite)
    (file,) = [entry for entry in entries(Hardening(audit=True), machine) if entry.path == AUDIT]
    assert isinstance(file, File)
    rules = [line for line in file.data.decode().splitlines() if line[:1] == "-"]
    assert len(rules) >= 9
    folder = box.ssh(
        "cd $(mktemp -d); chmod 755 .; apt-get -qq update; apt-get -qq download auditd"
        # with t64 at their ends on Ubuntu 24.04
        " $(apt-cache pkgnames libau | grep -xE 'lib(auparse0|audit1)(t64)?')"
        " >/dev/null 2>&1; for d in *.deb; do dpkg -x $d .; done; pwd"
    )
    try:
        libraries = f"LD_LIBRARY_PATH=$(dirname $(find {folder} -name 'libauparse.so.0'))"
        auditctl = f"{libraries} $(find {folder} -name auditctl -type f)"

        def said(rule: str) -> str:
            found = box.run(f"{auditctl} {shlex.join(rule.split())}")
            return found.stdout + found.stderr

        answers = {rule: said(rule) for rule in rules}
        assert {rule for rule in rules if UNDERSTOOD not in answers[rule]} == set(), answers
        for wrong in ("-w /etc/passwd -p q -k a", "-a always,exit -F arch=b64 -S no_such_call"):
            assert UNDERSTOOD not in said(wrong), "it would take anything"
    finally:
        box.ssh(f"rm -r {folder}")
