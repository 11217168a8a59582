"""A setting that locks the operator out: the host comes back by itself, and the run says so.

On every suite; more ways to lock oneself out are in tests/chaos/test_lockout.py.
"""

from __future__ import annotations

from tests.host.conftest import Host, serving
from tests.host.stages import once_at_all
from tests.support.lockout import NOBODY, SECONDS, STATE, comes_back, gets_in, is_undone, lock_out
from vagrant.running import changes, work


@once_at_all
def test_a_group_without_the_operator(box: Host) -> None:
    before = box.ssh(STATE)
    result = box.pyinfra("-y", check=False, values=NOBODY)
    assert result.returncode != 0
    assert "you could not get in again: Authentication error" in result.stdout
    assert "the host has put back what it had before" in result.stdout
    assert gets_in(box)
    assert box.ssh(STATE) == before
    # sshd is told once more what it runs with, as nobody saw that it does.
    again = {"SSH | running": 1, "SSH | confirmed over a new connection": 1}
    assert work(box.converge().stdout) == again
    assert changes(box.converge().stdout) == {}


BOOTED = "stat -c %Y /proc/1"


@once_at_all
def test_a_host_that_loses_its_power_while_it_waits(box: Host) -> None:
    """Nothing is stopped in order, the operator's run is dead, and the change is on the disk."""
    before, booted = box.ssh(STATE), box.ssh(BOOTED)
    cut = "systemd-run --quiet sh -c 'sleep 4; systemctl reboot --force --force'"
    lock_out(box, lambda: box.ssh(cut))
    comes_back(box, SECONDS + 30)
    assert box.ssh(BOOTED) != booted, "it came back before it was off"
    is_undone(box, before)
    serving(box)
    box.converge()
    assert changes(box.converge().stdout) == {}
