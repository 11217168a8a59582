"""What a host does not need is off, and what faces the network can do little."""

from __future__ import annotations

import shlex

import pytest

from roles.core.entries import File
from roles.core.machine import Machine
from roles.hardening import Hardening, entries
from roles.hardening.files import AUDIT

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
        "cd $(mktemp -d); chmod 755 .; apt-get -qq update; apt-get -qq download auditd libauparse0"
        " libaudit1 >/dev/null 2>&1; for d in *.deb; do dpkg -x $d .; done; pwd"
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
