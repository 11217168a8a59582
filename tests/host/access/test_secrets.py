"""No secret where others can read: the whole host, and all that the operator is shown."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.host.conftest import Host
from tests.host.stages import once_at_all
from vagrant.driver import ROOT

SHOWN = ("-vvv", "--diff")
ROTATED = {
    "READYHOST_APP__SECRET_KEY": "6e9b7d2c5a8f41038b6d9e2f7c1a5b40",
    "READYHOST_POSTGRES__PASSWORD": "a4d7f1c8e5b2490d8f3c6a9e1d7b5042",
    "READYHOST_REDIS__PASSWORD": "d8c5b2f9e6a34170b9c2d5e8f1a4b763",
}

# Runs as root on the host, with one secret a line as its standard input; prints where one is that
# others than root and the service it belongs to could read. Never prints the secret.
SEARCH = r"""
import os, re, stat, subprocess, sys
words = [line.encode() for line in sys.stdin.read().split("\n") if line]
pattern = re.compile(b"|".join(map(re.escape, words)))
looked = 0

def look(place, data):
    global looked
    looked += 1
    if pattern.search(data):
        print("FOUND", place)

def read(path, limit=64 << 20):
    try:
        with open(path, "rb") as file:
            return file.read(limit)
    except OSError:
        return b""

me = os.getpid()
for process in filter(str.isdigit, os.listdir("/proc")):
    if int(process) != me:
        look(f"/proc/{process}/cmdline", read(f"/proc/{process}/cmdline"))
        try:
            open_to_all = os.stat(f"/proc/{process}/environ").st_mode & 0o044
        except OSError:
            continue
        if open_to_all:
            look(f"/proc/{process}/environ", read(f"/proc/{process}/environ"))

# The journal and the logs are read by whoever is in adm: nothing may be there, whoever owns it.
journal = subprocess.run(["journalctl", "--no-pager", "-o", "export", "-a"], capture_output=True)
look("journal", journal.stdout)
everywhere = ("/var/log", "/tmp", "/var/tmp", "/dev/shm", "/var/spool", "/var/crash")
histories = re.compile(r"/\.[a-z_]*history$|/\.viminfo$|/\.lesshst$")
# What packages ship is nobody's secret; a database's files are its own.
skipped = (
    "/proc", "/sys", "/var/lib/postgresql", "/var/lib/apt", "/var/cache/apt", "/var/lib/dpkg",
    "/usr/bin", "/usr/include", "/usr/lib", "/usr/sbin", "/usr/share",
)
for top, directories, files in os.walk("/"):
    directories[:] = [d for d in directories if os.path.join(top, d) not in skipped]
    for name in files:
        path = os.path.join(top, name)
        try:
            info = os.lstat(path)
        except OSError:
            continue
        if not stat.S_ISREG(info.st_mode):
            continue
        if (
            info.st_mode & 0o004
            or path.startswith(everywhere)
            or histories.search(path)
        ):
            look(path, read(path))
print("LOOKED", looked)
"""


@pytest.fixture(scope="session")
def words(box: Host) -> set[str]:
    """Every secret of the test hosts, as it is and as it stands in a URL, and what is made of it
    on the host: SCRAM verifiers, Redis' digest."""
    values = dict(
        line.split("=", 1)
        for line in (ROOT / "inventories" / "vagrant.env").read_text().splitlines()
        if line.startswith("READYHOST_")
    )
    plain = {value.strip("'\"") for value in values.values()}
    assert len(plain) >= len(ROTATED)
    verifiers = box.ssh(
        "runuser -u postgres -- psql -XAtc"
        " \"select rolpassword from pg_authid where rolpassword like 'SCRAM%'\""
    ).splitlines()
    return plain | {quote(word, safe="") for word in plain} | set(verifiers)


def search(box: Host, words: set[str]) -> list[str]:
    """Where on the box a secret can be read by others."""
    box.ssh("install -m 600 /dev/stdin /run/search.py", stdin=SEARCH)
    lines = box.ssh(
        "python3 /run/search.py; rm /run/search.py", stdin="\n".join(sorted(words)), timeout=240
    ).splitlines()
    looked = int(lines[-1].split()[1])
    assert looked > 1000, "hardly anything was looked at"
    return [line.removeprefix("FOUND ") for line in lines[:-1]]


def test_no_secret_can_be_read_by_others_on_the_host(box: Host, words: set[str]) -> None:
    assert search(box, words) == []


WORD = "planted-7f3a9c1e5b2d8064"
PLACES = ("/root/.bash_history", "/tmp/planted", "/etc/planted.conf", "/var/log/nginx/planted")


@pytest.fixture
def planted(box: Host) -> Iterator[set[str]]:
    """A secret where it must not be; out: the places that the search has to name."""
    box.ssh(f"umask 077; tee {' '.join(PLACES)} >/dev/null; chmod 644 /etc/planted.conf", WORD)
    box.ssh("systemd-cat -t planted; journalctl --sync", WORD)
    box.ssh(f"systemd-run -q --unit planted sh -c 'sleep 1d; : {WORD}'")
    main = box.ssh("systemctl show -p MainPID planted | cut -d= -f2")
    yield {*PLACES, "journal", f"/proc/{main}/cmdline"}
    box.ssh(f"systemctl stop planted; rm {' '.join(PLACES)}")
    box.ssh("journalctl --rotate -q; journalctl --vacuum-time=1s -q")


@once_at_all
def test_a_secret_that_is_planted_is_found(box: Host, planted: set[str]) -> None:
    assert planted <= set(search(box, {WORD}))


@once_at_all
@pytest.mark.timeout(600)
def test_no_secret_is_shown_to_the_operator(box: Host, words: set[str]) -> None:
    """While every one of them changes, and changes back."""
    output = box.pyinfra("--dry", *SHOWN, values=ROTATED).stdout
    output += box.converge(*SHOWN, **ROTATED).stdout
    output += box.converge(*SHOWN).stdout
    assert "holds secrets, not shown" in output
    shown = [word for word in {*words, *ROTATED.values()} if word in output]
    assert len(shown) == 0, "secrets are shown"
    assert box.https("/health").status_code == 200
