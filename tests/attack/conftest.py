"""One converged host of a suite, on which all attacks of a kind are tried in one go."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.host import shared_hosts
from tests.host.conftest import Host, serving, values
from tests.host.stages import NEXT
from tests.support.client import Server
from tests.support.suites import suites
from vagrant.example import repository

from .attack import PLACE, Attack, Outside, Protection

HERE = Path(__file__).parent
PROGRAM = (HERE / "host.py").read_text()
START = "import json, sys; a = json.load(sys.stdin); exec(a['program']); main(a)"
SCRIPTS = [HERE / "malicious.py", HERE / "within.py"]
FILES = {script.name: script.read_text() for script in SCRIPTS}
MODES = {"": ("closed",), "yes": ("open",), "both": ("closed", "open")}[os.environ.get("OPEN", "")]
"""closed: the host as it is, where no attack works. open: with its protections taken out, where
each must work, or it would prove nothing."""

Result = dict[str, Any]
Tried = Callable[[str, Sequence[Attack], bool], dict[str, Result]]


@pytest.fixture(scope="session", params=suites())
def box(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The host, which each attack leaves as it was."""
    example = "express" if request.param in NEXT else "fastapi"
    source = repository(example, tmp_path_factory.mktemp("team") / example)
    host = shared_hosts.begun(Host, f"attack-{request.param}", request.param, values(source))
    host.example = example
    # What measures it is attacked as well; the kept host that others share has nothing of that.
    host.converge(**measured(tmp_path_factory.mktemp("authority")))
    serving(host)
    yield host
    host.destroy()


def measured(folder: Path) -> dict[str, str]:
    """Settings of a host whose numbers a Prometheus elsewhere reads: by an authority of its own."""
    authority = folder / "ca.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=attack -keyout /dev/null"
    subprocess.run([*made.split(), "-out", str(authority)], check=True, capture_output=True)
    return {
        "READYHOST_MONITORING__MODE": "remote",
        "READYHOST_MONITORING__SCRAPED_FROM": '["192.0.2.1/32"]',
        "READYHOST_MONITORING__SCRAPED_CA_FILE": str(authority),
    }


@pytest.fixture
def web(box: Host) -> Server:
    return Server("shop.example", box.ip)


@pytest.fixture(scope="session")
def tried(box: Host) -> Tried:
    """All attacks of an intruder, tried once; results by name."""
    known: dict[tuple[int, bool], dict[str, Result]] = {}

    def all_of(intruder: str, attacks: Sequence[Attack], is_open: bool) -> dict[str, Result]:
        key = (id(attacks), is_open)
        if key not in known:
            wanted = [one for one in attacks if one.only in ("", box.example)]
            asked = {
                "program": PROGRAM,
                "intruder": intruder,
                "files": FILES,
                "attacks": [one.asked(is_open) for one in wanted],
            }
            said = box.ssh(f"python3 -Ic {shlex.quote(START)}", json.dumps(asked), timeout=280)
            known[key] = json.loads(said)
        return known[key]

    return all_of


@contextmanager
def opened(box: Host, protections: Iterable[Protection]) -> Iterator[None]:
    """A host without some of its protections."""
    with ExitStack() as closes:
        for one in protections:
            box.ssh(f"mkdir -p {PLACE}")
            closes.callback(box.ssh, f"bash -c {shlex.quote(one.closes)}")
            box.ssh(f"bash -c {shlex.quote(one.opens)}")
        yield


def by_name(attacks: Sequence[Attack | Outside]) -> list[Any]:
    """Parameters of a test: each attack in each mode."""
    return [
        pytest.param(attack, mode == "open", id=f"{attack.name}-{mode}")
        for mode in MODES
        for attack in attacks
    ]
