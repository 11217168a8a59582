"""What the benchmark of many hosts measures with."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from pathlib import Path

import pytest

import benchmarks.many
from benchmarks.bars import many_bars
from benchmarks.many.simulated import ANSWERS

SCRIPT = Path(benchmarks.many.__file__).with_name("answer.sh")
SECONDS = 0.3
QUESTION = "sudo sh -c 'cat /etc/os-release'"
LOCK = "sh -c 'lock=/run/readyhost/run.lock client={}'"


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """The command that answers on a simulated host which knows QUESTION and who it is locked by."""
    names = {"lock": "ready\n", hashlib.sha256(QUESTION.encode()).hexdigest(): "ID=ubuntu\n"}
    for name, said in names.items():
        (tmp_path / name).write_text(said)
        (tmp_path / f"{name}.seconds").write_text(f"{SECONDS}\n")
    (tmp_path / "sealed").touch()
    return ["sh", "-c", SCRIPT.read_text().replace(ANSWERS, str(tmp_path))]


def _env(question: str) -> dict[str, str]:
    return {**os.environ, "SSH_ORIGINAL_COMMAND": question}


def test_a_simulated_host_says_what_was_said_and_takes_its_time(asked: list[str]) -> None:
    begin = time.monotonic()
    said = subprocess.run(asked, env=_env(QUESTION), check=True, capture_output=True, text=True)
    assert said.stdout == "ID=ubuntu\n"
    assert time.monotonic() - begin >= SECONDS


def test_a_simulated_host_knows_nothing_of_another_question(asked: list[str]) -> None:
    said = subprocess.run(
        asked, env=_env(f"{QUESTION} "), check=False, capture_output=True, text=True
    )
    assert said.returncode
    assert not said.stdout


def test_a_simulated_host_is_locked_as_long_as_a_run_lasts(asked: list[str]) -> None:
    with subprocess.Popen(
        asked,
        env=_env(LOCK.format("another")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(SECONDS)
        assert process.stdin
        process.stdin.close()
        assert process.wait(10) == 0


def test_what_is_missed_is_said() -> None:
    def figures(*seconds: float) -> dict[str, dict[str, dict[str, float]]]:
        return {
            "hosts": {n: {"seconds": s} for n, s in zip(("1", "8", "32"), seconds, strict=True)}
        }

    assert all(bar.met for bar in many_bars(figures(1, 1.5, 2)))
    for missed in ((1, 1.6, 1.9), (1, 1.4, 2.1)):
        assert [bar.met for bar in many_bars(figures(*missed))].count(False) == 1
