"""What readyhost installs from the package index, it installs by hashes."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from roles.core.machine import Machine
from roles.core.pip_environment import PipEnvironment, pins_of, read
from roles.maintained import Maintained
from roles.maintained.files import PIP_AUDIT, entries

ROOT = Path(__file__).parents[3]
LOCKS = sorted(ROOT.glob("*.lock")) + sorted((ROOT / "roles").glob("*/*.lock"))


def test_SEC_05_there_are_locks() -> None:
    here = ["bench.lock", "browser.lock", "dev.lock", "load.lock"]
    names = [*here, "pip-audit.lock", "certbot.lock"]
    assert [path.name for path in LOCKS] == names


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_SEC_05_each_version_is_the_one_of_the_constraints_and_has_hashes(lock: Path) -> None:
    constraints = pins_of((ROOT / "constraints.txt").read_text())
    text = read(lock)
    for name, version in pins_of(text).items():
        assert constraints.get(name, version) == version, f"{name}: run make locks"
    for block in re.split(r"\n(?=\S)", text.strip()):
        first, *hashes = block.split("\\\n")
        assert "==" in first and hashes, first
        assert all(re.fullmatch(r" +--hash=sha256:[0-9a-f]{64}\s*", each) for each in hashes)


def test_SEC_05_the_lines_are_those_of_a_shell() -> None:
    machine = Machine.example()
    plain = PipEnvironment("/x", "a==1 \\\n    --hash=sha256:0\n", tried="a")
    own = PipEnvironment(
        "/x", plain.lock, tried="a", beyond=["b==2"], beyond_hashes=[f"sha256:{'0' * 64}"]
    )
    for environment in (plain, own, PIP_AUDIT):
        script = "\n".join(environment.install(machine))
        assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0
    assert own.directory(machine) != plain.directory(machine)
    known = [line for line in own.install(machine) if "beyond.txt" in line]
    assert "--hash=sha256:" in known[0] and "--require-hashes" in known[1]


def test_SEC_05_only_root_reads_with_what_registries_are_reached() -> None:
    found = {
        entry.path: entry
        for entry in entries(
            Maintained(accepted=("GHSA-x",)), Machine.example(), apps=("app",), env={}, certbot=""
        )
    }
    told = found["/etc/readyhost/maintained.json"]
    assert getattr(told, "mode", 0) == 0o600
    assert b"GHSA-x" in getattr(told, "data", b"")


def test_SEC_05_advisories_come_over_https() -> None:
    assert Maintained(python_advisories="https://osv.example/v1/query")
    with pytest.raises(ValueError, match="pattern"):
        Maintained(python_advisories="http://osv.example/v1/query")
