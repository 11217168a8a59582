"""What base leaves to the owner of a container's kernel, and what reads its files."""

import subprocess
from pathlib import Path

from roles.base import Base, live_values
from roles.base.files import entries
from roles.base.packages import packages
from roles.core.entries import File
from roles.core.machine import Machine

KEY = "ssh-ed25519 " + "A" * 68
ADMINS = {"alice": (KEY + " one", KEY + " two"), "bob": (KEY,)}


def paths(settings: Base, machine: Machine) -> set[str]:
    return {entry.path for entry in entries(settings, machine)}


def test_a_container_gets_nothing_that_it_may_not_set() -> None:
    machine, container = Machine.example(), Machine.example(container=True)
    kept = paths(Base(ntp_servers=("ntp.example.com",)), machine) - paths(Base(), container)
    assert kept == {
        "/etc/sysctl.d/60-readyhost-machine.conf",
        "/etc/chrony/sources.d/readyhost.sources",
        "/etc/systemd/system/swapfile.swap",
        "/etc/systemd/system/swap.target.wants/swapfile.swap",
    }
    assert "chrony" in packages(Base(), machine)
    assert "chrony" not in packages(Base(), container)
    values = live_values.kernel_values(entries(Base(), container))
    assert all(path.startswith("/proc/sys/net/") for path in values)


def test_kernel_values_are_those_of_the_files() -> None:
    values = live_values.kernel_values(entries(Base(connections=5000), Machine.example()))
    assert values["/proc/sys/net/core/somaxconn"] == "8192"
    assert values["/proc/sys/vm/swappiness"] == "10"
    assert all(value.isdigit() for value in values.values())


def test_SEC_08_each_interface_has_the_values_of_all() -> None:
    shell = live_values.as_wanted(Base(), entries(Base(), Machine.example()))
    assert '[ "$(cat /proc/sys/net/ipv4/conf/*/accept_redirects | sort -u)" = 0 ]' in shell


def test_every_key_of_an_administrator_is_theirs_alone() -> None:
    found = {entry.path: entry for entry in entries(Base(admins=ADMINS), Machine.example())}
    file = found["/home/alice/.ssh/authorized_keys"]
    assert isinstance(file, File)
    assert (file.mode, file.owner, file.group) == (0o600, "alice", "alice")
    assert file.data.decode().splitlines() == list(ADMINS["alice"])


def test_the_locale_is_where_the_release_looks_for_it() -> None:
    assert "/etc/locale.conf" not in paths(Base(), Machine.example("jammy"))
    assert {"/etc/locale.conf", "/etc/default/locale"} <= paths(Base(), Machine.example("noble"))


def test_without_administrators_nobody_gets_sudo() -> None:
    assert "/etc/sudoers.d/readyhost" not in paths(Base(), Machine.example())


def test_sudo_reads_its_file(tmp_path: Path) -> None:
    found = {entry.path: entry for entry in entries(Base(admins=ADMINS), Machine.example())}
    file = found["/etc/sudoers.d/readyhost"]
    assert isinstance(file, File)
    (tmp_path / "sudoers").write_bytes(file.data)
    subprocess.run(["visudo", "-cqf", tmp_path / "sudoers"], check=True)
