"""What goes to which host."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from roles.core.entries import Entry, File
from roles.core.machine import Machine
from roles.hardening import Hardening
from roles.hardening.files import SYSCTL, entries, packages
from roles.hardening.live_values import as_wanted, kernel_values


def files(container: bool = False, **values: Any) -> list[Entry]:
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
    off = {"verify_packages": False, "package_news": False, "passphrase_length": 0}
    assert packages(Hardening(audit=audit, **off), machine) == wanted


@pytest.mark.parametrize(("one", "other", "holds"), [("1", "1", True), ("1", "2", False)])
def test_a_value_is_that_of_each_interface(
    tmp_path: Path, one: str, other: str, holds: bool
) -> None:
    for name, value in (("eth0", one), ("eth1", other)):
        (tmp_path / "net" / name).mkdir(parents=True)
        (tmp_path / "net" / name / "x").write_text(f"{value}\n")
    test = as_wanted([File(SYSCTL, "net.*.x = 1\n")]).replace("/proc/sys", str(tmp_path))
    assert (subprocess.run(["sh", "-c", test], check=False).returncode == 0) == holds


@pytest.mark.parametrize(
    ("chosen", "uplinks", "value"),
    [
        (None, [], "1"),
        (None, ["eth0", "eth0"], "1"),
        (None, ["eth0", "eth1"], "2"),
        (True, ["eth0", "eth1"], "1"),
        (False, ["eth0"], "2"),
    ],
)
def test_paths_are_strict_where_there_is_one_way_out(
    chosen: bool | None, uplinks: list[str], value: str
) -> None:
    told = tuple(f"uplink {name}" for name in uplinks)
    found = entries(Hardening(strict_paths=chosen), Machine.example("jammy", told=told))
    values = kernel_values(found)
    ways = {name: each for name, each in values.items() if name.endswith("/rp_filter")}
    assert len(ways) == 3
    assert set(ways.values()) == {value}


def test_core_dumps_can_be_had(tmp_path: Path) -> None:
    paths = {entry.path for entry in files(core_dumps=True)}
    assert "/etc/security/limits.d/readyhost.conf" not in paths


def test_what_is_not_wanted_is_not_there() -> None:
    off: dict[str, Any] = {"idle_shell_seconds": 0, "verify_packages": False, "package_news": False}
    off["passphrase_length"] = 0
    gone = {entry.path for entry in files()} - {entry.path for entry in files(**off)}
    assert gone == {
        "/etc/apt/listchanges.conf.d/readyhost.conf",
        "/etc/default/debsums",
        "/etc/profile.d/readyhost-idle.sh",
        "/etc/security/pwquality.conf.d/readyhost.conf",
    }


def test_rules_for_passwords_bring_their_dictionary() -> None:
    """Without one every password is refused."""
    needed = {"libpam-pwquality", "cracklib-runtime"}
    assert needed <= set(packages(Hardening(), Machine.example("jammy")))
    assert not needed & set(packages(Hardening(passphrase_length=0), Machine.example("jammy")))


@pytest.mark.parametrize(("value", "holds"), [("1", True), ("0", False)])
def test_a_value_that_the_kernel_does_not_have_is_seen(
    tmp_path: Path, value: str, holds: bool
) -> None:
    (tmp_path / "there").write_text(f"{value}\n")
    path = "/etc/sysctl.d/62-readyhost-hardening.conf"
    test = as_wanted([File(path, "there = 1\nmissing = 1\n")]).replace("/proc/sys", str(tmp_path))
    assert (subprocess.run(["sh", "-c", test], check=False).returncode == 0) == holds
