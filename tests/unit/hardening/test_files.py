"""What goes to which host."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from roles.core.entries import Entry, File
from roles.core.machine import Machine
from roles.hardening import Hardening, entries, packages
from roles.hardening.live import as_wanted, kernel_values


def files(container: bool = False, **values: int) -> list[Entry]:
    return entries(Hardening(**values), Machine.example("jammy", container=container))


def test_a_container_gets_no_setting_that_its_machine_decides_on() -> None:
    own, shared = kernel_values(files()), kernel_values(files(container=True))
    assert "/proc/sys/fs/suid_dumpable" in own
    assert shared.items() < own.items()
    assert not [path for path in shared if not path.startswith("/proc/sys/net/ipv4/")]


@pytest.mark.parametrize(
    ("container", "audit", "wanted"),
    [(False, True, ["auditd"]), (True, True, []), (False, False, [])],
)
def test_the_audit_trail_is_a_setting(container: bool, audit: bool, wanted: list[str]) -> None:
    machine = Machine.example("jammy", container=container)
    assert packages(Hardening(audit=audit, verify_packages=False), machine) == wanted


def test_core_dumps_can_be_had(tmp_path: Path) -> None:
    paths = {entry.path for entry in files(core_dumps=True)}
    assert "/etc/security/limits.d/readyhost.conf" not in paths


def test_what_is_not_wanted_is_not_there() -> None:
    paths = {entry.path for entry in files(idle_shell=0, verify_packages=False)}
    assert paths.isdisjoint({"/etc/profile.d/readyhost-idle.sh", "/etc/default/debsums"})
    assert packages(Hardening(), Machine.example("jammy")) == ["debsums"]


@pytest.mark.parametrize(("value", "holds"), [("1", True), ("0", False)])
def test_a_value_that_the_kernel_does_not_have_is_seen(
    tmp_path: Path, value: str, holds: bool
) -> None:
    (tmp_path / "there").write_text(f"{value}\n")
    path = "/etc/sysctl.d/62-readyhost-hardening.conf"
    test = as_wanted([File(path, "there = 1\nmissing = 1\n")]).replace("/proc/sys", str(tmp_path))
    assert (subprocess.run(["sh", "-c", test], check=False).returncode == 0) == holds
