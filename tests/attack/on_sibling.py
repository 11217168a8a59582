"""An intruder on a sibling host: another machine on the same network, which nobody trusts."""

from __future__ import annotations

import contextlib
import os
import random
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.host.conftest import DOMAIN, Host
from tests.support.visitors import BRIDGE

from .attack import BESIDE_ENDS, LOOT, PLACE, Outside, Protection, beside

MARK = f"attack-{os.getpid()}"
LEFT = 7777  # a port that somebody left open
CLAIMED = "203.0.113.99"
FIREWALL = Protection(
    "the firewall",
    f"for p in iptables ip6tables; do $p -I INPUT -p tcp --dport {LEFT} -j ACCEPT; done",
    f"for p in iptables ip6tables; do $p -D INPUT -p tcp --dport {LEFT} -j ACCEPT; done",
)
PROXIES = "/etc/nginx/conf.d/attack.conf"
UNTRUSTED = Protection(
    "who is no proxy of the settings",
    f"printf 'set_real_ip_from 10.0.3.0/24;\\nreal_ip_header X-Forwarded-For;\\n' >{PROXIES};"
    " systemctl reload nginx; sleep 0.7",
    f"rm {PROXIES}; systemctl reload nginx; sleep 0.7",
)


REDIRECTS = Protection(
    "redirects of no interface",
    "sysctl -qw net.ipv4.conf.all.accept_redirects=1 net.ipv4.conf.eth0.accept_redirects=1",
    "sysctl -qw net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.eth0.accept_redirects=0",
)
LEADS_TO = "198.18.0.1"
# As the router, of an answer to a ping: "there is a better way, by me".
REDIRECT = """
import socket, struct, sys, time
router, host, me, far = (socket.inet_aton(a) for a in sys.argv[1:])
def check(data):
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
def packet(source, to, data):
    head = struct.pack("!BBHHHBBH4s4s", 69, 0, 20 + len(data), 7, 0, 64, 1, 0, source, to)
    return head[:10] + struct.pack("!H", check(head)) + head[12:] + data
answer = packet(host, far, struct.pack("!BBHHH", 0, 0, 0xFFFF, 0, 0))
said = struct.pack("!BBH4s", 5, 1, 0, me) + answer
said = said[:2] + struct.pack("!H", check(said)) + said[4:]
wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
for _ in range(3):
    wire.sendto(packet(router, host, said), (sys.argv[2], 0))
    time.sleep(0.3)  # the host asks first whether he is there
"""


def ip(command: str) -> str:
    done = subprocess.run(["ip", *command.split()], check=True, text=True, capture_output=True)
    return done.stdout


@contextlib.contextmanager
def sibling() -> Iterator[str]:
    """A machine beside the host: a network name space on its bridge; gives its interface."""
    name = f"rh{os.getpid() % 100000}"
    leases = Path("/var/lib/misc/dnsmasq.lxcbr0.leases")
    taken = leases.read_text() if leases.exists() else ""
    free = [f"10.0.3.{n}" for n in range(2, 255) if f" 10.0.3.{n} " not in taken]
    ip(f"netns add {name}")
    try:
        ip(f"link add {name} type veth peer name eth0 netns {name}")
        ip(f"link set {name} master {BRIDGE} up")
        ip(f"-n {name} address add {random.choice(free)}/24 dev eth0")
        ip(f"-n {name} link set eth0 up")
        ip(f"-n {name} link set lo up")
        while "tentative" in ip(f"-n {name} -6 address"):
            time.sleep(0.2)
        yield name
    finally:
        ip(f"netns del {name}")


def there(name: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["ip", "netns", "exec", name, *command],
        text=True, capture_output=True, check=False, timeout=30, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def finds(host: Host, address: str) -> bool:
    """Whether a service that somebody left on all addresses answers him."""
    web = f"mkdir -p {PLACE}-web; echo {LOOT} >{PLACE}-web/bait; "
    server = beside(f"python3 -m http.server --bind :: {LEFT}", f"--working-directory={PLACE}-web")
    host.ssh(f"{web}{server}; sleep 0.7; curl -s http://127.0.0.1:{LEFT}/bait | grep -q {LOOT}")
    try:
        with sibling() as name:
            return LOOT in there(name, "curl", "-gsm", "3", f"http://{address}:{LEFT}/bait").stdout
    finally:
        host.ssh(f"{BESIDE_ENDS}; rm -r {PLACE}-web")


def left_open(host: Host) -> bool:
    return finds(host, host.ip)


def left_open_on_the_link(host: Host) -> bool:
    found = re.search(r"inet6 (fe80:\S+)/", host.ssh("ip -6 address show dev eth0"))
    assert found, "the host has no address of its link"
    return finds(host, f"[{found[1]}%25eth0]")


def claims(host: Host) -> bool:
    """To be somebody else, as a proxy would say it."""
    path = f"/{MARK}-claims"
    with sibling() as name:
        there(name, "curl", "-skm", "5", "--resolve", f"{DOMAIN}:443:{host.ip}",
            "-H", f"X-Forwarded-For: {CLAIMED}", "-H", f"Forwarded: for={CLAIMED}",
            f"https://{DOMAIN}{path}",
        )  # fmt: skip
    host.ssh("kill -USR1 $(cat /run/nginx.pid); sleep 0.7")
    lines = host.ssh(f"grep -h {path} /var/log/nginx/access.log | tail -n 1")
    assert path in lines, "it did not arrive"
    return f'"client":"{CLAIMED}"' in lines


def leads(host: Host) -> bool:
    """Another way for the host's packets, by him, as if its router had said so. The firewall, which
    knows of no such ping, is out of his way already."""
    rule = "INPUT -p icmp --icmp-type redirect -j ACCEPT"
    router = host.ssh("ip -4 route show default").split()[2]
    host.ssh(f"iptables -I {rule}; ip route flush cache")
    try:
        with sibling() as name:
            mine = re.search(r"inet (\S+)/", ip(f"-n {name} -4 address show dev eth0"))
            assert mine
            there(name, "python3", "-c", REDIRECT, router, host.ip, mine[1], LEADS_TO)
            return f"via {mine[1]} " in host.ssh(f"ip route get {LEADS_TO}")
    finally:
        host.ssh(f"iptables -D {rule}; ip route flush cache")


ATTACKS = (
    Outside("a service that somebody left open", left_open, (FIREWALL,)),
    Outside("the same by the address of the link", left_open_on_the_link, (FIREWALL,)),
    Outside("to be the host's router", leads, (REDIRECTS,)),
    Outside("to be taken for another client", claims, (UNTRUSTED,)),
)
