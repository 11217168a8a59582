"""Whether SSH answers who comes from an address, as the kernel itself decides it.

Run on the host as root: `python3 reach.py CLIENT PORT SERVER PORT`, the words of SSH_CONNECTION. It
connects from CLIENT to SERVER out of a network of its own, by a virtual cable: the packets pass all
rules for what comes in and goes out, and sshd must greet. Exit status 1: it does not; 2: nobody
listens on PORT, so no rule of the firewall is to blame. Where no such network can be made (a
container that forbids it) nothing is known, which it says: status 0.
"""

import pathlib
import subprocess
import sys

NAME = "readyhost-reach"
CABLE, END = "rh-reach", "rh-reach-end"
HERE, THERE = "02:72:68:00:00:01", "02:72:68:00:00:02"
FROM = 1021  # a port of the client's that no client's system gives out: its connections are left be
TABLE = "7721"
GREETED = f"""
import socket, sys
client, server, port = sys.argv[1:]
with socket.create_connection((server, int(port)), 2, (client, {FROM})) as connection:
    sys.exit(0 if connection.recv(4) == b"SSH-" else 1)
"""


def run(*words: str) -> None:
    subprocess.run(words, check=True, timeout=10, capture_output=True)


def clean(ip: tuple[str, ...], rule: tuple[str, ...]) -> None:
    for words in (
        (*ip, "rule", "del", *rule),
        ("ip", "link", "del", CABLE),
        ("ip", "netns", "del", NAME),
    ):
        subprocess.run(words, check=False, timeout=10, capture_output=True)


def connect(ip: tuple[str, ...], client: str, server: str) -> None:
    """Lay the cable: only packets to CLIENT's port FROM go through it."""
    inside = (*ip, "-n", NAME)
    run("ip", "netns", "add", NAME)
    run(
        *("ip", "link", "add", CABLE, "address", HERE, "type", "veth"),
        *("peer", "name", END, "address", THERE, "netns", NAME),
    )
    if "-4" in ip:  # the way back to CLIENT is another: say that it may be
        run("sysctl", "-qw", f"net.ipv4.conf.{CABLE}.rp_filter=2")
    run(*ip, "link", "set", CABLE, "up")
    run(*inside, "link", "set", END, "up")
    run(*inside, "addr", "add", client, "dev", END, *(("nodad",) if "-6" in ip else ()))
    run(*inside, "neigh", "add", server, "lladdr", HERE, "dev", END)
    run(*inside, "route", "add", "default", "dev", END)
    run(*ip, "neigh", "replace", client, "lladdr", THERE, "dev", CABLE)
    run(*ip, "route", "replace", client, "dev", CABLE, "table", TABLE)


def listens(port: str) -> bool:
    """As the kernel's list has it: a connection from here would pass the firewall, too."""
    sockets = [line.split() for table in ("tcp", "tcp6") for line in _lines(f"/proc/net/{table}")]
    return any(words[3] == "0A" and int(words[1][-4:], 16) == int(port) for words in sockets)


def _lines(path: str) -> list[str]:
    file = pathlib.Path(path)  # not there without IPv6
    return file.read_text().splitlines()[1:] if file.exists() else []


def main(client: str, server: str, port: str) -> int:
    if not listens(port):
        return 2
    ip = ("ip", "-6" if ":" in client else "-4")
    rule = ("to", client, "ipproto", "tcp", "dport", str(FROM), "lookup", TABLE, "priority", "10")
    clean(ip, rule)
    try:
        connect(ip, client, server)
        run(*ip, "rule", "add", *rule)
        ask = ("ip", "netns", "exec", NAME, sys.executable, "-c", GREETED, client, server, port)
        return subprocess.run(ask, check=False, timeout=15, capture_output=True).returncode
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or str(error).encode()
        print(f"whether {client} gets in could not be tried: {said.decode().strip()}")
        return 0
    finally:
        clean(ip, rule)


if __name__ == "__main__":
    words = [word.partition("%")[0].removeprefix("::ffff:") for word in sys.argv[1:]]
    if len(words) != 4 or words[0].startswith("fe80:"):
        sys.exit(0)  # nobody is connected by SSH, or over an address of its own link only
    sys.exit(main(words[0], words[2], words[3]))
