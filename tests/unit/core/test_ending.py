"""What a run that only asks prints at its end: its answer, and nothing of pyinfra's after it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ASKS = """
from pyinfra import host
from roles.core.ending import answered
host.log("the answer")
answered(host)
"""
# A host that cannot be reached is none of the active ones.
UNREACHED = "['@local', ('127.0.0.1', {'ssh_port': 1, 'ssh_allow_agent': False})]"


def pyinfra(place: Path, hosts: str, *options: str) -> subprocess.CompletedProcess[str]:
    (place / "asks.py").write_text(ASKS)
    (place / "hosts.py").write_text(f"hosts = {hosts}\n")
    command = [str(Path(sys.executable).with_name("pyinfra")), *options]
    return subprocess.run(
        [*command, str(place / "hosts.py"), str(place / "asks.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        input="\n",  # it goes on without a host that cannot be reached
        check=False,
    )


@pytest.mark.parametrize("options", [(), ("--dry",)])
def test_no_table_of_changes_comes_after_the_answer(tmp_path: Path, options: tuple[str]) -> None:
    done = pyinfra(tmp_path, "['@local']", *options)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert said.count("the answer") == 1
    assert "Detected changes" not in said


def test_a_host_that_was_not_reached_is_no_success(tmp_path: Path) -> None:
    done = pyinfra(tmp_path, UNREACHED, "--fail-percent", "50")
    said = done.stdout + done.stderr
    assert "the answer" in said
    assert done.returncode == 1, said
    assert "Detected changes" not in said
