"""The machines themselves: independent of each other, and as limited as a server's services are."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator

import pytest

from tests.support.suites import suites
from vagrant.driver import ROOT, Box, wrapper


@pytest.fixture(scope="module")
def machines() -> Iterator[tuple[Box, Box]]:
    names = ("test-one", "test-two")
    suite = suites()[0]
    yield Box.boot(names[0], suite), Box.boot(names[1], suite)
    wrapper("destroy", *names)


def listed() -> dict[str, str]:
    return {line.split()[0]: line.split()[1] for line in wrapper("list").splitlines()}


@pytest.mark.parametrize("machines", ["web", "web:jammy,db:noble"])
def test_vagrant_accepts_the_vagrantfile(machines: str) -> None:
    subprocess.run(
        ["vagrant", "validate", "--ignore-provider"],
        cwd=ROOT / "vagrant",
        env={**os.environ, "BOXES": machines, "VAGRANT_DOTFILE_PATH": str(ROOT / ".vagrant/test")},
        check=True,
        capture_output=True,
    )
    shutil.rmtree(ROOT / ".vagrant/test", ignore_errors=True)


def test_a_machine_is_a_bare_server(machines: tuple[Box, Box]) -> None:
    for machine in machines:
        assert machine.ssh("systemctl is-system-running --wait") == "running"
        assert machine.run("command -v nginx psql redis-server ufw curl").stdout == ""


def test_machines_reach_each_other(machines: tuple[Box, Box]) -> None:
    one, two = machines
    assert one.ip != two.ip
    one.ssh(f"ping -c 1 -W 5 {two.ip}")


def test_a_memory_limit_holds(machines: tuple[Box, Box]) -> None:
    hungry = "systemd-run --wait -q -p MemoryMax=50M -p MemorySwapMax=0 python3 -c 'b\"x\" * 10**8'"
    assert machines[0].run(hungry).returncode != 0
    assert machines[0].run(hungry.replace("50M", "500M")).returncode == 0


def test_a_processor_limit_holds(machines: tuple[Box, Box]) -> None:
    work = "import time; end = time.time() + 2\nwhile time.time() < end: pass\n"
    work += "print(time.process_time())"
    used = machines[0].ssh(f"systemd-run --wait --pipe -q -p CPUQuota=20% python3 -c '{work}'")
    assert float(used) < 0.8


def test_an_address_outlives_a_reboot(machines: tuple[Box, Box]) -> None:
    machines[0].reboot()
    assert wrapper("ip", machines[0].name) == machines[0].ip


def test_up_of_a_running_machine_leaves_it_as_it_is(machines: tuple[Box, Box]) -> None:
    boot = machines[1].ssh("cat /proc/1/stat")
    assert wrapper("up", machines[1].name) == machines[1].ip
    assert machines[1].ssh("cat /proc/1/stat").split()[21] == boot.split()[21]


def test_a_copy_has_the_same_files_and_lives_apart(machines: tuple[Box, Box]) -> None:
    one, _ = machines
    one.ssh("echo same >/etc/both; systemd-run --quiet --unit=runs sleep 1d")
    copy = Box.copied(one.name, "test-copy", one.suite)
    try:
        assert copy.ip != one.ip
        assert copy.ssh("systemctl is-system-running --wait; cat /etc/both") == "running\nsame"
        copy.ssh("rm /etc/both")
        assert one.ssh("cat /etc/both; systemctl is-active runs") == "same\nactive"
        one.ssh("systemctl stop runs; rm /etc/both")
        assert {"test-copy", one.name} <= listed().keys()
    finally:
        copy.destroy()
    assert "test-copy" not in listed()


def test_a_machine_whose_state_is_lost_is_made_anew_and_the_other_stays(
    machines: tuple[Box, Box],
) -> None:
    one, two = machines
    one.ssh("touch /etc/marker; systemd-run --on-active=1 systemctl poweroff")
    one.disconnect()
    end = time.monotonic() + 30
    while listed()[one.name] == "running" and time.monotonic() < end:
        time.sleep(0.5)
    shutil.rmtree(ROOT / ".vagrant" / one.name)
    wrapper("up", one.name, one.suite)
    assert one.run("test -e /etc/marker").returncode == 1
    assert two.ssh("systemctl is-system-running") == "running"


def test_destroy_takes_one_machine_and_only_that(machines: tuple[Box, Box]) -> None:
    one, two = machines
    one.destroy()
    assert one.name not in listed()
    assert listed()[two.name] == "running"
    assert not (ROOT / ".vagrant" / one.name).exists()
