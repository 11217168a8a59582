"""Many questions to a host as one command, and its answers told apart again.

A question mostly waits for a program, so LANES are asked at a time: the longest first, or what is
asked last would keep one core busy and the others idle.
Answers are good while nothing changes on the host. After a change each step is asked for itself,
until one finds all as wanted: then the rest is asked at once again.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence

from .plan import bare
from .step import NOTHING, QUICK, Due, Step, Unanswered

_MARK = "-- answer "
_LINE = re.compile(rf"^(.*?){_MARK}(\d+)$")


LANES = 4
"""Questions that are asked at a time. A host with fewer cores loses nothing: the processes of a
connection share what one of them would get."""


def script(questions: Sequence[str], takes: Sequence[int] = ()) -> str:
    """Shell that asks all questions; none hears what another has set or read. It prints their
    answers as `answers` reads them. takes: of each, about how long, milliseconds."""
    texts = [
        f"(\n{question}\n) </dev/null; echo '{_MARK}{number}'"
        for number, question in enumerate(questions)
    ]
    return at_once(texts, takes)


def at_once(texts: Sequence[str], takes: Sequence[int] = ()) -> str:
    """Shell that runs shell texts, LANES at a time, and prints what they print, each by itself.
    A lane's output waits in a pipe, so nothing is left on the host if the command is killed."""
    said = ""
    for numbers in reversed(lanes(takes or [QUICK] * len(texts))):
        lane = "\n".join(texts[number] for number in numbers)
        # The pipe is what the later lanes have said meanwhile, and no input of this one.
        said = f"{said} | {{\n{lane}\ncat\n}}" if said else f"{{\n{lane}\n:\n}}"
    return said


def takes_of(step: Step) -> int:
    """About how long a host takes to answer a step's question, milliseconds."""
    return int(getattr(bare(step), "takes", QUICK))


def lanes(takes: Sequence[int]) -> list[list[int]]:
    """The numbers of what takes so long, dealt so that all lanes end together: the longest first,
    each to the lane that is free first (Graham's LPT rule)."""
    dealt: list[list[int]] = [[] for _ in range(min(LANES, len(takes)))]
    ends = [0] * len(dealt)
    for number in sorted(range(len(takes)), key=lambda each: -takes[each]):
        lane = ends.index(min(ends))
        dealt[lane].append(number)
        ends[lane] += max(takes[number], 1)
    return dealt


def answers(lines: Iterable[str], number: int, takes: Sequence[int] = ()) -> list[list[str]]:
    """The answers to `number` questions, in their order. takes: as given to `script`. Raises
    Unanswered if one is missing: a question ended the script, or its lane."""
    order = [each for lane in lanes(takes or [QUICK] * number) for each in lane]
    found: dict[int, list[str]] = {}
    lines_of: list[str] = []
    for line in lines:
        match = _LINE.match(line) if _MARK in line else None  # few lines have it
        if match and [int(match[2])] == order[len(found) : len(found) + 1]:
            # What does not end in a new line stands before the mark.
            found[int(match[2])] = [*lines_of, *([match[1]] if match[1] else [])]
            lines_of = []
        else:
            lines_of.append(line)
    if len(found) != number:
        raise Unanswered(f"the host answered {len(found)} of {number} questions")
    return [found[each] for each in range(number)]


def ask_all(steps: Sequence[Step], ask: Callable[[str, str], list[str]]) -> list[list[str]]:
    """What a host answers to each of `steps`, asked at once. ask: as of `Survey`."""
    takes = [takes_of(step) for step in steps]
    text = script([step.question() for step in steps], takes)
    return answers(ask(text, f"{len(steps)} steps"), len(steps), takes)


FRESH = 60
"""Seconds that answers are good for: of several hosts one may keep the others waiting for long."""


class Survey:
    """What a host answers for the steps of its plan. ask: runs a shell text there, and gives its
    lines; the second argument says for people what it asks."""

    def __init__(self, steps: Sequence[Step], ask: Callable[[str, str], list[str]]) -> None:
        self._steps, self._ask = steps, ask
        self._known: dict[int, list[str]] = {}
        self._changed = False
        self._asked = 0.0

    def forget(self) -> None:
        """No answer is good any longer, for time has passed."""
        self._known.clear()
        self._changed = False

    def change(self) -> None:
        """The next command changes the host."""
        self._known.clear()
        self._changed = True

    def due(self, number: int) -> Due:
        """What a step has to do, by an answer that is still good or by a new one."""
        step = self._steps[number]
        if step.question() == NOTHING:
            return step.due([])
        if self._changed:
            due = step.due(self._ask(step.question(), step.name))
            # Where nothing follows, the host has come to rest.
            self._changed = bool(due.do)
            return due
        if time.monotonic() > self._asked + FRESH:
            self._known.clear()
        if number not in self._known:
            rest = range(number, len(self._steps))
            found = ask_all([self._steps[each] for each in rest], self._ask)
            self._known.update(zip(rest, found, strict=True))
            self._asked = time.monotonic()
        return step.due(self._known[number])
