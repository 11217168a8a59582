"""What is remembered of a plan: the same for the same settings, and another one for others."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from roles.core.applied import FILE, Applied, differences, forget, marks
from roles.core.errors import OperatorError
from roles.core.shell import Commands
from roles.core.step import Step

ROOT = Path(__file__).parents[3]
MARKS = """
import json
from roles.core.applied import marks
from tests.unit.environments import ENVIRONMENTS, plan_of
print(json.dumps([marks(plan_of(one).steps) for one in ENVIRONMENTS]))
"""


def test_two_runs_of_the_same_settings_want_the_same() -> None:
    """Sets are in another order in each process."""
    said = [
        subprocess.run(
            [sys.executable, "-c", MARKS],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    ]
    assert said[0] == said[1] == said[2]


STEPS = (Commands("a", "test a", ["make a"]), Commands("b", "test b", ["make b"]))


@pytest.mark.parametrize(
    ("known", "answers", "found"),
    [
        (marks(STEPS), ["yes", "yes"], []),
        (marks(STEPS), ["yes", "no"], ["b: changed on the host"]),
        ({**marks(STEPS), "b": "0"}, ["no", "no"], ["a: changed on the host", "b: not brought"]),
        ({}, ["no", "yes"], ["a: not brought"]),
    ],
)
def test_a_hand_is_told_from_a_setting(
    known: dict[str, str], answers: list[str], found: list[str]
) -> None:
    plan: list[Step] = [*STEPS, Applied(marks(STEPS))]
    said = [[answer] for answer in answers] + [[json.dumps(known)]]
    lines = [str(each) for each in differences(plan, said)]
    assert [line.replace(" there yet", "") for line in lines] == found


def test_a_damaged_memory_is_none() -> None:
    assert Applied({"a": "1"}).due(["{"]).do
    assert not Applied({"a": "1"}).due(['{"a": "1"}']).do


def test_a_rollback_is_no_hand(tmp_path: Path) -> None:
    file = tmp_path / "applied"
    command = forget("App | ").replace(FILE, str(file))
    subprocess.run(["sh", "-c", command], check=True)
    assert not file.exists()
    file.write_text(json.dumps({"App | v2 is live": "1", "Nginx | running": "2"}))
    subprocess.run(["sh", "-c", command], check=True)
    assert json.loads(file.read_text()) == {"Nginx | running": "2"}
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text("{")
    subprocess.run(["sh", "-c", command], check=True, stderr=subprocess.DEVNULL)


def test_two_steps_of_one_name_are_refused() -> None:
    """One's memory would be taken for the other's, and what a hand did to it be called a setting's
    change."""
    twice = [Commands("A | b", "true", ["x"]), Commands("A | b", "false", ["y"])]
    with pytest.raises(OperatorError, match=r"two steps are called 'A \| b'"):
        marks(twice)
