"""Many questions as one command: a real shell asks them, and each gets its own answer."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from roles.core.shell import Commands
from roles.core.step import NOTHING, QUICK, Due, Guarded, Unanswered, UntilLive
from roles.core.survey import FRESH, LANES, Survey, answers, lanes, script, takes_of
from roles.core.undo import Guard


def told(*questions: str) -> list[str]:
    done = subprocess.run(
        ["sh", "-c", script(questions)], capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines()


def test_each_question_has_its_own_answer() -> None:
    odd = [
        "printf 'no end'",
        "true",
        "echo a; echo b",
        "cat",
        "exit 3",
        "cd /; x=1; pwd",
        "echo $x",
        # one of the same lane as what set it
        "true",
        "true",
        "echo $x",
    ]
    found = answers(told(*odd), len(odd))
    assert found == [["no end"], [], ["a", "b"], [], [], ["/"], [""], [], [], [""]]


def test_each_number_of_questions_is_answered() -> None:
    for number in range(2 * LANES + 2):
        said = answers(told(*(f"echo {each}" for each in range(number))), number)
        assert said == [[str(each)] for each in range(number)]


def test_questions_do_not_wait_for_each_other(tmp_path: Path) -> None:
    """Each of them ends only when the others have begun."""
    begun = f"cd {tmp_path}; i=0; touch {{}}; while [ $(ls | wc -l) -lt {LANES} ]"
    wait = "do i=$((i+1)); [ $i -lt 600 ] || exit; sleep 0.05; done; echo met"
    asked = [f"{begun.format(each)}; {wait}" for each in range(LANES)]
    assert answers(told(*asked), LANES) == [["met"]] * LANES


def test_what_takes_long_is_asked_first_and_all_lanes_end_together() -> None:
    """By turns alone, the four longest would be one lane: 100, 45, 30 and 30 ms."""
    takes = [30, 5, 5, 5, 30, 5, 5, 5, 45, 5, 5, 5, 100]
    dealt = lanes(takes)
    assert [lane[0] for lane in dealt] == [12, 8, 0, 4]
    assert max(sum(takes[each] for each in lane) for lane in dealt) == 100
    assert sorted(each for lane in dealt for each in lane) == list(range(len(takes)))


def test_answers_are_told_apart_whatever_the_order(tmp_path: Path) -> None:
    takes = [5, 50, 5, 5, 40, 5, 100]
    text = script([f"echo {each}" for each in range(len(takes))], takes)
    said = subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True).stdout
    assert answers(said.splitlines(), len(takes), takes) == [[str(n)] for n in range(len(takes))]


def test_a_step_says_how_long_it_takes_also_under_a_guard() -> None:
    long = Commands("x", "true", ["true"], takes=70)
    assert takes_of(UntilLive(Guarded(long, Guard("ssh")))) == 70
    assert takes_of(Commands("x", "true", ["true"])) == QUICK


def test_a_long_answer_is_whole() -> None:
    """More than a pipe holds, from the lane whose answers come last."""
    long = "i=0; while [ $i -lt 9000 ]; do echo 0123456789012345; i=$((i+1)); done"
    said = answers(told("sleep 0.3; echo a", "true", "true", long), 4)
    assert said[0] == ["a"]
    assert said[3] == ["0123456789012345"] * 9000


def test_an_answer_that_looks_like_a_mark_ends_no_other() -> None:
    assert answers(told("echo '-- answer 7'", "echo b"), 2) == [["-- answer 7"], ["b"]]


def test_questions_without_an_answer_are_an_error() -> None:
    # It kills what asks it, the shell of its lane.
    kill = """sh -c 'kill -9 $(cut -d" " -f4 /proc/$PPID/stat)'; sleep 1"""
    with pytest.raises(Unanswered, match="answered 1 of 2 questions"):
        answers(told("echo a", kill), 2)
    with pytest.raises(Unanswered, match="answered 0 of 2 questions"):
        answers(told(kill, "echo b"), 2)


class Host:
    """A host on which some of five steps are done; it notes what it is asked."""

    def __init__(self, folder: Path, done: set[int]) -> None:
        self.folder = folder
        for number in done:
            (folder / f"{number}").touch()
        self.asked: list[str] = []
        steps = [Commands(f"step {n}", f"[ -e {n} ]", [f"touch {n}"]) for n in range(5)]
        self.survey = Survey(steps, self.ask)
        self.made: list[int] = []

    def ask(self, text: str, what: str) -> list[str]:
        self.asked.append(what)
        return subprocess.run(
            ["sh", "-c", text], cwd=self.folder, capture_output=True, text=True, check=True
        ).stdout.splitlines()

    def run(self) -> Host:
        for number in range(5):
            if self.survey.due(number).do:
                self.survey.change()
                self.made.append(number)
                (self.folder / f"{number}").touch()
        return self


def test_a_host_as_wanted_is_asked_once(tmp_path: Path) -> None:
    assert Host(tmp_path, {0, 1, 2, 3, 4}).run().asked == ["5 steps"]


def test_no_answer_from_before_a_change_is_used_after_it(tmp_path: Path) -> None:
    host = Host(tmp_path, set()).run()
    assert host.made == [0, 1, 2, 3, 4]
    assert host.asked == ["5 steps", "step 1", "step 2", "step 3", "step 4"]


def test_the_rest_is_asked_at_once_when_the_host_has_come_to_rest(tmp_path: Path) -> None:
    host = Host(tmp_path, {0, 2, 3, 4}).run()
    assert host.made == [1]
    assert host.asked == ["5 steps", "step 2", "2 steps"]


def test_what_was_known_is_asked_anew_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = Host(tmp_path, {0, 1, 2, 3, 4}).run()
    host.survey.forget()
    assert host.run().asked == ["5 steps", "5 steps"]
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + FRESH + 1)
    host.survey.due(3)
    assert host.asked[2:] == ["2 steps"]


def test_nobody_is_asked_for_a_step_that_asks_nothing() -> None:
    asked: list[str] = []

    def ask(text: str, what: str) -> list[str]:
        asked.append(f"{what}: {text}")
        return []

    survey = Survey([_Silent("step")], ask)
    assert survey.due(0).fine == "[]"
    assert asked == []


@dataclass(frozen=True)
class _Silent:
    name: str

    def question(self) -> str:
        return NOTHING

    def wants(self) -> str:
        return ""

    def due(self, lines: Sequence[str]) -> Due:
        return Due(fine=str(list(lines)))
