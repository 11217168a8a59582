"""The weekly look at a host on which nothing is maintained any more, and at one that nobody tells
anything. The services that know of holes are a stand-in on the boxes' network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.host.conftest import Host
from tests.host.stages import once_at_all
from tests.support.advisories import (
    CVE,
    GHSA,
    INSTALLED,
    NODE,
    PYTHON,
    TOLD,
    advisories,
    tell,
)

pytestmark = [once_at_all, pytest.mark.timeout(300)]

TABLE = "/usr/local/lib/readyhost/maintained/ends.json"
NOBODY = "http://10.0.3.1:9"  # a closed port of this machine
STATE = "/var/lib/readyhost/maintained"
LIBRARY = "/usr/lib/readyhost-test.so"
UNIT = "a-test-of-readyhost.service"  # the first by name


def look(box: Host) -> list[dict[str, str]]:
    """What the look finds, run as its timer does."""
    box.ssh("systemctl start host-maintained.service", timeout=200)
    return list(result(box)["findings"])


def result(box: Host) -> dict[str, Any]:
    return dict(json.loads(box.ssh(f"cat {STATE}/last.json")))


def texts(found: list[dict[str, str]], level: str, about: str) -> str:
    return "\n".join(e["text"] for e in found if (e["level"], e["about"]) == (level, about))


@pytest.fixture
def put_back(box: Host) -> Iterator[None]:
    box.ssh(f"cp -p {TOLD} {TOLD}.kept")
    yield
    box.ssh(
        f"mv {TOLD}.kept {TOLD}; umount {TABLE}; rm -f /run/reboot-required* {STATE}/*;"
        f" rm -rf {INSTALLED}/Jinja2-2.11.1.dist-info; systemctl stop {UNIT}; rm -f {LIBRARY};"
        " umount /srv/app/releases/*/package*.json 2>/dev/null;"
        " apt-get -qq install -y libexpat1 >/dev/null 2>&1"
    )


def neglect(box: Host) -> bool:
    """Make it a host that nobody has looked after. Whether a package has an earlier version."""
    table = json.loads(box.ssh(f"cat {TABLE}"))
    table["as_of"] = "2020-01-01"
    table["ends"] = dict.fromkeys(table["ends"], "2020-06-01")
    box.ssh(f"cat >/run/ends.json && mount --bind /run/ends.json {TABLE}", stdin=json.dumps(table))
    box.ssh("touch /run/reboot-required; echo linux-image-test >/run/reboot-required.pkgs")
    if box.example == "fastapi":
        box.ssh(f"cd {INSTALLED} && mkdir Jinja2-2.11.1.dist-info")
    else:
        name, version = NODE.split()
        lock = json.loads(box.ssh("cat /srv/app/current/package-lock.json"))
        lock["packages"][""]["dependencies"][name] = version
        lock["packages"][f"node_modules/{name}"] = {"version": version}
        package = json.loads(box.ssh("cat /srv/app/current/package.json"))
        package["dependencies"][name] = version
        for file, value in (("package.json", package), ("package-lock.json", lock)):
            place = f'"$(realpath /srv/app/current)/{file}"'
            box.ssh(f"cat >/run/{file} && mount --bind /run/{file} {place}", json.dumps(value))
    load = f"import ctypes, time; ctypes.CDLL('{LIBRARY}'); time.sleep(600)"
    box.ssh(
        f"cp -L /usr/lib/*/libz.so.1 {LIBRARY} && systemd-run -q --unit={UNIT} python3 -c"
        f' "{load}" && sleep 1 && rm {LIBRARY}'
    )
    versions = box.ssh("apt-cache madison libexpat1 | awk '{print $3}'").split()
    box.ssh(
        "DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --allow-downgrades"
        f" libexpat1={versions[-1]} >/dev/null 2>&1"
    )
    return versions[0] != versions[-1]


def test_SEC_05_what_is_no_longer_maintained_is_named(box: Host, put_back: None) -> None:
    with advisories() as address:
        tell(box, address)
        found = look(box)
        assert not [e for e in found if e["about"] == "hole"], found
        older = neglect(box)
        found = look(box)

    ended = texts(found, "warning", "runtime")
    system = box.ssh('. /etc/os-release; echo "$NAME $VERSION_ID"')
    assert f"{system} " in ended and "gets no more fixes since 2020-06-01" in ended
    assert ("Node.js 2" in ended) == (box.example == "express")
    assert "days old" in texts(found, "warning", "table")
    holes = texts(found, "warning", "hole")
    name, hole = (PYTHON, CVE) if box.example == "fastapi" else (NODE.split()[0], GHSA)
    assert name in holes.lower() and hole in holes, found
    assert "linux-image-test" in texts(found, "warning", "reboot")
    assert UNIT in texts(found, "warning", "library")
    assert not older or "libexpat1 " in texts(found, "warning", "package"), found
    assert "redis-server" in texts(found, "note", "universe") or "ubuntu" not in system.lower()

    journal = box.ssh("journalctl -b -u host-maintained -p warning -o cat")
    assert hole in journal and "linux-image-test" in journal
    shown = box.run("host-maintained")
    assert shown.returncode == 1 and hole in shown.stdout
    run = box.pyinfra("-y", "--dry").stdout
    last = run.strip().splitlines()[-1]
    assert "not maintained:" in last and "more" in last, run[-500:]
    assert box.ssh(f"stat -c '%U %a' {STATE}/last.json") == "root 600"


def test_SEC_05_who_cannot_look_says_so(box: Host, put_back: None) -> None:
    """No answer is not a good one: with the network closed nothing is fine."""
    env = {"NPM_CONFIG_REGISTRY": NOBODY, "NPM_CONFIG_FETCH_RETRIES": "0"}
    tell(box, NOBODY, env=env)
    lists = "/var/lib/apt/lists/partial /var/lib/apt/periodic/update-stamp"
    box.ssh(f"touch -d '30 days ago' {lists}")
    try:
        found = look(box)
    finally:
        box.ssh(f"touch {lists}")
    assert texts(found, "could not look", "hole"), found
    assert "30 days old" in texts(found, "could not look", "package"), found
    npm = "npm view" in texts(found, "could not look", "runtime")
    assert npm == (box.example == "express"), found
    assert not result(box)["maintained"]


def test_SEC_05_who_asks_registries_sees_nothing_of_the_application(box: Host) -> None:
    """A command where pip-audit and npm run: as nobody in particular, without the application."""
    program = (
        "import sys; sys.path.insert(0, '/usr/local/lib/readyhost');"
        "from maintained import sandbox; print(sandbox.run(['sh', '-c', sys.argv[1]]))"
    )

    def within(command: str) -> str:
        return box.ssh(f'python3 -I -c "{program}" "{command}"')

    assert within("id -u") != "0"
    told = within("ls /srv; cat /etc/app/*/env /etc/readyhost/maintained.json 2>&1; echo end")
    assert "SECRET_KEY" not in told and told.splitlines()[0] != "app", told
    reach = "import socket; socket.create_connection(('127.0.0.1', 6379), 3)"
    reach = f"timeout 5 python3 -c '{reach.replace(chr(39), chr(34))}'"
    box.ssh(reach)
    assert within(f"{reach} || echo closed") == "closed"
