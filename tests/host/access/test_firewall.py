"""Who comes in: asked from outside, by connecting."""

from __future__ import annotations

import errno
import select
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

from tests.host.conftest import Host
from tests.host.stages import once, once_at_all
from tests.support.visitors import network
from vagrant.running import changes, work

LISTENER = 9999
AT_ONCE = 500
PATIENCE = 0.3  # seconds; a box on this machine answers within a few milliseconds


def knock(addresses: Sequence[tuple]) -> set[int]:
    """Ports of those among `addresses` that accept a connection in time."""
    family = socket.AF_INET6 if len(addresses[0]) > 2 else socket.AF_INET
    with ExitStack() as stack:
        poll, clients = select.poll(), {}
        for address in addresses:
            client = stack.enter_context(socket.socket(family))
            client.setblocking(False)
            client.connect_ex(address)
            poll.register(client, select.POLLOUT)
            clients[client.fileno()] = client, address[1]
        time.sleep(PATIENCE)
        return {
            port
            for client, port in (clients[number] for number, _ in poll.poll(0))
            if client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
        }


def _scan(addresses: Sequence[tuple]) -> set[int]:
    batches = [addresses[i : i + AT_ONCE] for i in range(0, len(addresses), AT_ONCE)]
    with ThreadPoolExecutor(8) as pool:
        return set().union(*pool.map(knock, batches))


def scan(box: Host, ports: Iterable[int]) -> set[int]:
    """TCP ports of the box that accept a connection from here."""
    return _scan([(box.ip, port) for port in ports])


def scan6(box: Host, ports: Iterable[int]) -> set[int]:
    """The same by IPv6, on the address that every link has."""
    inside = box.ssh("ip -6 -o addr show dev eth0 scope link").split()[3].partition("/")[0]
    route = subprocess.run(["ip", "route", "get", box.ip], check=True, stdout=subprocess.PIPE)
    words = route.stdout.decode().split()
    link = socket.if_nametoindex(words[words.index("dev") + 1])
    return _scan([(inside, port, 0, link) for port in ports])


@contextmanager
def listener(box: Host, port: int = LISTENER) -> Iterator[None]:
    """Something on the box that would answer everybody, on every address."""
    unit = f"listener-{port}"
    box.ssh(
        f"systemd-run --collect --quiet --unit={unit} python3 -m http.server --bind :: {port};"
        f" until ss -Hltn 'sport = :{port}' | grep -q .; do sleep 0.1; done"
    )
    try:
        yield
    finally:
        box.ssh(f"systemctl stop {unit}")


def test_HOST_02_a_scan_of_all_ports_sees_ssh_and_the_web_only(box: Host) -> None:
    with listener(box):
        assert scan(box, range(1, 65_536)) == {22, 80, 443}


def test_HOST_02_nor_does_ipv6_see_more(box: Host) -> None:
    ports = [*range(1, 1025), 3000, 5355, 5432, 6379, 6432, 8000, 8080, LISTENER]
    with listener(box):
        assert scan6(box, ports) == {22, 80, 443}


@once
def test_HOST_02_a_port_is_open_as_long_as_the_settings_say_so(box: Host) -> None:
    with listener(box):
        box.converge(READYHOST_FIREWALL__ALLOW=f'[{{"port": {LISTENER}}}]')
        assert scan(box, [LISTENER]) == {LISTENER}
        assert scan6(box, [LISTENER]) == {LISTENER}
        elsewhere = f'[{{"port": {LISTENER}, "sources": ["192.0.2.0/24"]}}]'
        box.converge(READYHOST_FIREWALL__ALLOW=elsewhere)
        assert scan(box, [LISTENER]) == set()
        assert scan6(box, [LISTENER]) == set()
        box.converge()
        assert scan(box, [LISTENER]) == set()


@once_at_all
def test_HOST_02_a_port_that_was_opened_by_hand_is_closed(box: Host) -> None:
    with listener(box):
        box.ssh(f"ufw allow {LISTENER}/tcp")
        assert scan(box, [LISTENER]) == {LISTENER}
        changed = work(box.converge().stdout)
        assert "Firewall | rules" in changed
        assert all(name.startswith("Firewall | ") for name in changed), changed
        assert scan(box, [LISTENER]) == set()


@once
def test_HOST_02_a_firewall_that_was_turned_off_is_turned_on(box: Host) -> None:
    with listener(box):
        box.ssh("ufw disable")
        assert scan(box, [LISTENER]) == {LISTENER}
        box.converge()
        assert scan(box, [LISTENER]) == set()


@once_at_all
def test_HOST_02_rules_that_the_kernel_has_no_module_for_are_refused_before(box: Host) -> None:
    """A module that no kernel has loaded is in the place of the one that keeps ports."""
    rules, program = "/etc/ufw/before.rules", "/usr/local/lib/readyhost/firewall/rules"
    lacks = r"s/-m owner --socket-exists ! --uid-owner redis/-m nfacct --nfacct-name none/"
    box.ssh(f"{program} test; cp -a {rules} /run/kept.rules; sed -i '{lacks}' {rules}")
    try:
        tried = box.run(f"{program} test")
    finally:
        box.ssh(f"cp -a /run/kept.rules {rules}; rm /run/kept.rules")
    assert tried.returncode
    assert "this kernel lacks a module" in tried.stderr
    box.ssh(f"{program} check")


@once_at_all
def test_HOST_02_nothing_is_open_while_rules_change(box: Host) -> None:
    came_in, stop = 0, threading.Event()

    def push() -> None:
        nonlocal came_in
        while not stop.is_set():
            with suppress(OSError), socket.create_connection((box.ip, LISTENER), timeout=0.02):
                came_in += 1

    with listener(box):
        knockers = [threading.Thread(target=push) for _ in range(4)]
        for knocker in knockers:
            knocker.start()
        changed = changes(box.converge(READYHOST_FIREWALL__ALLOW='[{"port": 9998}]').stdout)
        box.converge()
        stop.set()
        for knocker in knockers:
            knocker.join()
    assert "Firewall | enabled" in changed
    assert came_in == 0


@once
def test_HOST_02_the_operator_is_not_locked_out_on_another_port(box: Host) -> None:
    port = 2222
    move = "mkdir -p /etc/ssh/sshd_config.d; echo 'Port {}' > /etc/ssh/sshd_config.d/00-port.conf;"
    restart = "systemctl daemon-reload; systemctl restart ssh"
    box.ssh(f"ufw disable; {move.format(port)} {restart}")
    try:
        box.converge("--ssh-port", str(port))
        assert scan(box, [22, port]) == {port}
        # On a new connection, which only comes in because the port is open.
        assert changes(box.converge("--ssh-port", str(port)).stdout) == {}
    finally:
        box.ssh(f"rm /etc/ssh/sshd_config.d/00-port.conf; {restart}; ufw allow 22/tcp")
    box.converge()
    with listener(box, port):
        assert scan(box, [22, port]) == {22}


@once
def test_HOST_02_sources_that_leave_the_operator_out_are_refused(box: Host) -> None:
    before = box.ssh("iptables -S; ip6tables -S; sha256sum /etc/ufw/*.rules")
    result = box.pyinfra(
        "-y", check=False, values={"READYHOST_FIREWALL__SSH_SOURCES": '["192.0.2.0/24"]'}
    )
    assert result.returncode == 1
    assert "firewall.ssh_sources leaves out 10.0.3.1" in result.stdout
    assert "Traceback" not in result.stdout
    assert box.ssh("iptables -S; ip6tables -S; sha256sum /etc/ufw/*.rules") == before


def attempt(box: Host, source: str) -> str:
    with socket.socket() as client:
        client.settimeout(5)
        client.bind((source, 0))
        try:
            client.connect((box.ip, 22))
        except OSError as error:
            return errno.errorcode.get(error.errno or 0, str(error))
    return "open"


@once_at_all
def test_HOST_02_one_address_opens_so_many_ssh_connections_and_others_do_not_notice(
    box: Host,
) -> None:
    limits = {"READYHOST_FIREWALL__SSH_BURST": "10", "READYHOST_FIREWALL__SSH_PER_MINUTE": "10"}
    box.converge(**limits)
    try:
        with network() as addresses:
            attacker = next(addresses)
            begin = time.monotonic()
            results = [attempt(box, attacker) for _ in range(40)]
            # Ten at once, and one more for each six seconds.
            grown = int((time.monotonic() - begin) / 6) + 1
            assert 10 <= results.count("open") <= 11 + grown, results
            assert results.count("ECONNREFUSED") == 40 - results.count("open")
            assert attempt(box, "0.0.0.0") == "open"
            time.sleep(7)
            assert attempt(box, attacker) == "open"
    finally:
        box.converge()
