"""Where a process of the application gets to when somebody else runs in it: not to the cloud."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from tests.host.application import pid, units
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from vagrant.driver import Completed

pytestmark = once_at_all

# A neighbour in a network of the box's own: link-local addresses, and one as any other.
METADATA, OTHER = "169.254.169.254", "198.51.100.9"
SERVER = "python3 -m http.server --bind 0.0.0.0 8080"
UNIT = "readyhost-test-metadata"


@pytest.fixture(scope="module")
def neighbour(box: Host) -> Iterator[None]:
    box.ssh(
        "ip netns add cloud; ip link add cloud0 type veth peer name eth0 netns cloud;"
        " ip address add 169.254.169.1/24 dev cloud0; ip address add 198.51.100.1/24 dev cloud0;"
        f" ip link set cloud0 up; ip -n cloud address add {METADATA}/24 dev eth0;"
        f" ip -n cloud address add {OTHER}/24 dev eth0; ip -n cloud link set eth0 up;"
        f" systemd-run -q --unit={UNIT} --working-directory=/usr/share/doc/base-files"
        f" ip netns exec cloud {SERVER}"
    )
    yield
    box.ssh(f"systemctl stop {UNIT}; ip link del cloud0; ip netns del cloud")


def within(box: Host, process: int, command: str) -> Completed:
    """A command where a process is: in its control group, its name spaces, as its user."""
    who = box.ssh(f"awk '/^(Uid|Gid):/ {{print $2}}' /proc/{process}/status").split()
    entered = f"nsenter -t {process} -m -U -p -S {who[0]} -G {who[1]} -w"
    joined = (
        f"group=$(sed -n 's/^0:://p' /proc/{process}/cgroup);"
        " for root in /sys/fs/cgroup/unified /sys/fs/cgroup; do"
        ' [ ! -e "$root$group/cgroup.procs" ] || { echo $$ >"$root$group/cgroup.procs"; break; };'
        f" done; exec {entered} sh -c {shlex.quote(command)}"
    )
    return box.run(f"sh -c {shlex.quote(joined)}")


def reaches(address: str, port: int) -> str:
    return (
        f"timeout 3 python3 -c \"import socket; socket.create_connection(('{address}', {port}))\""
    )


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_SEC_06_a_process_reaches_no_metadata(box: Host, neighbour: None, kind: str) -> None:
    process = pid(box, units(box, kind)[0])
    for address in (METADATA, OTHER):
        assert box.run(reaches(address, 8080)).returncode == 0, "nobody is there to be reached"
    assert within(box, process, reaches(METADATA, 8080)).returncode != 0
    # All else is as it was.
    for address, port in ((OTHER, 8080), ("127.0.0.1", 6432), ("127.0.0.1", 6379)):
        done = within(box, process, reaches(address, port))
        assert done.returncode == 0, (address, port, done.stderr)


def test_SEC_06_who_may_reach_the_host_alone_reaches_nothing_else(
    box: Host, neighbour: None
) -> None:
    """An allow-list, in a unit with the very lines of a process that has one."""
    run = "systemd-run -q --wait --pipe --collect -p IPAddressAllow=localhost -p IPAddressDeny=any"
    assert box.run(f"{run} {reaches('127.0.0.1', 6432)}").returncode == 0
    assert box.run(f"{run} {reaches(OTHER, 8080)}").returncode != 0
    listed = f"{run} -p IPAddressAllow={OTHER}/32 {reaches(OTHER, 8080)}"
    assert box.run(listed).returncode == 0
