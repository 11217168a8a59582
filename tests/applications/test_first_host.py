"""README's "Your first host", typed as it stands there on another machine, for a bare server that
its provider has just made. The domain's DNS does not lead there yet, as on a first evening."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import project
from tests.support.client import Server
from tests.support.suites import suites
from vagrant.driver import ROOT, Box
from vagrant.example import repository
from vagrant.running import changes

pytestmark = pytest.mark.timeout(900)

DOMAIN = "first.example"
ELSEWHERE = "192.0.2.7"  # RFC 5737: nobody's


def commands() -> list[str]:
    """What the section says to type, line by line."""
    (section,) = re.findall(r"^## Your first host\n(.*?)^## ", README, flags=re.M | re.S)
    blocks = re.findall(r"^```\n(.*?)^```", section, flags=re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    return [line.replace("your.domain", DOMAIN) for line in lines if not PROCFILE.match(line)]


README = (ROOT / "README.md").read_text()
PROCFILE = re.compile(r"[a-z]+: ")


@dataclass
class Operator:
    """A reader's machine: a clone, an agent with a key, and a name that leads to the server."""

    clone: Path
    agent: Path
    names: Path

    def types(self, line: str, answer: str = "") -> str:
        """What a line typed in the clone prints."""
        seen = f"mount --bind {self.names} /etc/hosts && {line}"
        result = subprocess.run(
            ["unshare", "-m", "bash", "-c", seen],
            cwd=self.clone,
            env={**os.environ, "SSH_AUTH_SOCK": str(self.agent), "PYTHONPATH": str(self.clone)},
            input=answer, text=True, check=False, timeout=600,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert result.returncode == 0, f"{line}\n{result.stdout}"
        return result.stdout


@pytest.fixture(scope="module")
def server() -> Iterator[Box]:
    """A bare server."""
    suite = suites()[-1]
    box = Box.boot(f"first-{suite}", suite)
    box.ssh(f"echo {ELSEWHERE} {DOMAIN} >>/etc/hosts")
    yield box
    box.destroy()


@pytest.fixture(scope="module")
def operator(server: Box, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    place = tmp_path_factory.mktemp("operator")
    made = Operator(project.copy(place / "readyhost"), place / "agent", place / "hosts")
    # up to date from here: the clone's own make would point its programs at the clone
    subprocess.run(["make", "--silent", "venv"], cwd=ROOT, check=True)
    (made.clone / ".venv").symlink_to(ROOT / ".venv")
    made.names.write_text(f"127.0.0.1 localhost\n{server.ip} {DOMAIN}\n")
    repository("fastapi", place / "shop")
    key = place / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    # as a provider puts it there
    server.ssh(
        "install -d -m 700 /root/.ssh; cat >/root/.ssh/authorized_keys",
        stdin=key.with_suffix(".pub").read_text(),
    )
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(made.agent)], stdout=subprocess.DEVNULL)
    try:
        while not made.agent.exists():
            assert agent.poll() is None
            time.sleep(0.05)
        add = ["ssh-add", "-q", str(key)]
        subprocess.run(add, env={**os.environ, "SSH_AUTH_SOCK": str(made.agent)}, check=True)
        yield made
    finally:
        agent.terminate()
        agent.wait()


def test_HOST_07_the_first_host_as_the_readme_says(operator: Operator, server: Box) -> None:
    make, activate, scan, *rest = commands()
    check, dry, deploy = (f"{activate.partition('#')[0]} && {line}" for line in rest)
    operator.types(make.partition("#")[0])
    settings = operator.clone / "inventories" / "prod.toml"
    shop = operator.clone.parent / "shop"
    given = {"domain": DOMAIN, "repository": str(shop)}
    for name, value in given.items():  # "Set the domain and the repository in ..."
        text, count = re.subn(
            rf'^{name} = ""', f'{name} = "{value}"', settings.read_text(), flags=re.M
        )
        assert count == 1
        settings.write_text(text)
    operator.types(scan)
    assert "prod: nothing is wrong" in operator.types(check)
    operator.types(dry)
    assert server.run("dpkg -s nginx").returncode != 0, "a dry run has changed something"
    said = operator.types(deploy, answer="\n")
    assert "Results" in said, said
    assert Server(DOMAIN, server.ip).ask("/").status == 200
    assert changes(operator.types(deploy, answer="\n")) == {}


def test_the_first_release_was_built_once_and_before_the_web_server_came(
    operator: Operator, server: Box
) -> None:
    (line,) = server.ssh("journalctl -o short-unix -t app-release | grep building").splitlines()
    came = int(server.ssh("stat -c %Y /etc/nginx/conf.d/limits.conf"))
    assert float(line.split()[0]) < came
    built, named = server.ssh("ls -A /srv/app/releases"), line.split()[-1]
    assert built == named


def test_REL_08_the_command_of_the_readme(operator: Operator) -> None:
    (line,) = re.findall(r"`(readyhost prod run [^`]*)`", README)
    words = shlex.split(line)
    typed = shlex.join([*words[: words.index("--") + 1], "python", "-c", "print(6 * 7)"])
    assert "42" in operator.types(f". .venv/bin/activate && {typed}")
