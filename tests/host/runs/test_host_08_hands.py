"""What a hand did to a host: the next run sees and repairs it, and an undo holds all the same."""

from __future__ import annotations

import shlex
import time

import pytest

from roles.core.undo import Guard, arm, unit
from roles.firewall.files import PROGRAM
from roles.firewall.role import guard as firewall
from roles.ssh.role import guard as ssh
from tests.host.access.test_firewall import LISTENER, listener, scan, scan6
from tests.host.conftest import Host
from tests.host.stages import once_at_all
from vagrant.running import changes

PORTS = (22, 80, 443, LISTENER)
OPEN = {22, 80, 443}


def both(*words: str) -> str:
    """The same by the hand for IPv4 and IPv6."""
    return "; ".join(f"{tool} {word}" for word in words for tool in ("iptables", "ip6tables"))


HANDS = {
    "rules flushed": both("-P INPUT ACCEPT", "-F"),
    "rules and chains gone": both("-P INPUT ACCEPT", "-F", "-X"),
    "every table gone": "nft flush ruleset",
    "all let in by IPv6": "ip6tables -P INPUT ACCEPT",
    "nothing let through": both("-P FORWARD ACCEPT"),
    "a port opened": f"iptables -I INPUT -p tcp --dport {LISTENER} -j ACCEPT",
    "a port opened by IPv6": f"ip6tables -I ufw6-user-input -p tcp --dport {LISTENER} -j ACCEPT",
    "HTTPS lost": "iptables -D ufw-user-input -p tcp --dport 443 -j ACCEPT",
    "HTTPS shut by IPv6": "ip6tables -I INPUT -p tcp --dport 443 -j DROP",
    "answers shut": "iptables -I OUTPUT -p tcp --sport 443 -j REJECT",
    "a jump lost": "iptables -D INPUT -j ufw-after-input",
    "the order turned": "for does in D A; do iptables -$does INPUT -j ufw-before-input; done",
}


@once_at_all
@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_HOST_08_what_a_hand_did_to_the_kernel_is_seen_and_repaired(box: Host, hand: str) -> None:
    """By the question that every run asks, and by the start that is its answer."""
    box.ssh(f"{PROGRAM} check")
    box.ssh(hand)
    assert box.run(f"{PROGRAM} check").returncode != 0
    with listener(box):
        box.ssh("systemctl restart ufw")
        assert (scan(box, PORTS), scan6(box, PORTS)) == (OPEN, OPEN)
    box.ssh(f"{PROGRAM} check")


DROP = "-p tcp --dport 22 -m conntrack --ctstate NEW -j DROP"
SHUT = both("-P INPUT DROP", "-F")
MOVED = "/etc/ssh/sshd_config.d/00-moved.conf"

# What a hand did before the change, what the change does, and what is true after the undo.
UNDOS = {
    "flushed before": (firewall(600), both("-P INPUT ACCEPT", "-F"), SHUT, "true"),
    "in by an open connection only": (
        firewall(600), f"iptables -I INPUT {DROP}", SHUT, f"{PROGRAM} check",
    ),
    "rules elsewhere": (
        firewall(600), "true",
        "nft 'add table inet x'; nft 'add chain inet x y { type filter hook input priority 9; }';"
        " nft 'add rule inet x y tcp dport 22 drop'",
        "! nft list table inet x",
    ),
    "a server with a broken configuration": (
        ssh(600), "echo Nonsense >>/etc/ssh/sshd_config", "true",
        "systemctl is-active -q ssh && sed -i /Nonsense/d /etc/ssh/sshd_config",
    ),
    "a server that is stopped, too": (
        ssh(600), "echo Nonsense >>/etc/ssh/sshd_config", "systemctl stop ssh.socket ssh",
        "systemctl is-active -q readyhost-sshd && sed -i /Nonsense/d /etc/ssh/sshd_config",
    ),
    "a server that moved": (
        ssh(600), f"echo Port 2222 >{MOVED}", "systemctl daemon-reload; systemctl restart ssh",
        f"systemctl is-active -q readyhost-sshd && rm {MOVED}",
    ),
    "an open connection only, and no files of ufw's": (
        firewall(600), f"rm -rf /etc/ufw/*.rules; iptables -I INPUT {DROP}", SHUT,
        "grep -qx ENABLED=no /etc/ufw/ufw.conf",
    ),
}  # fmt: skip


@once_at_all
@pytest.mark.parametrize("case", UNDOS.values(), ids=UNDOS)
def test_HOST_08_an_undo_lets_the_operator_in(box: Host, case: tuple[Guard, str, str, str]) -> None:
    """Without a connection that lives, and whether the host was whole before the change or not."""
    guard, hand, change, holds = case
    box.ssh("systemctl daemon-reload; systemctl restart ufw ssh")
    box.ssh(hand)
    box.ssh("sh -s", stdin=arm(guard))
    undo = f"{change}; sleep 2; systemctl start {unit(guard.name)}"
    box.ssh(f"systemd-run --quiet --on-active=1 sh -c {shlex.quote(undo)}")
    box.disconnect()
    end = time.monotonic() + 120
    time.sleep(3)
    while box.run(f"test ! -e /var/lib/readyhost/guard/{guard.name}", timeout=30).returncode:
        assert time.monotonic() < end, "no way in after two minutes"
        time.sleep(0.5)
    box.ssh(holds)
    box.ssh("systemctl stop readyhost-sshd 2>/dev/null; systemctl restart ssh")


@once_at_all
def test_HOST_08_a_run_repairs_all_that_a_hand_did(box: Host) -> None:
    """The last of this file: it puts right what the others left."""
    box.ssh(
        "rm -rf /etc/ufw; systemctl disable -q --now ufw; systemctl mask -q ufw; nft flush ruleset;"
        " cd /var/lib/readyhost; mkdir -p guard/firewall/firewall.new guard/firewall.done/x"
    )
    run = box.converge()
    assert "start ufw: it is " in run.stdout
    assert {"Firewall | rules", "Firewall | enabled"} <= changes(run.stdout).keys()
    with listener(box):
        assert (scan(box, PORTS), scan6(box, PORTS)) == (OPEN, OPEN)
    assert box.ssh("systemctl is-enabled ufw; ls /var/lib/readyhost/guard") == "enabled"
    assert changes(box.converge().stdout) == {}
