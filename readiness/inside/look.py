"""One look: a question in shell, which changes nothing, and what its answer means."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from roles.core.plain import plain
from roles.core.step import Unanswered
from roles.core.survey import answers, script

from ..outcome import Finding, unknown

LONGEST = 20
"""Seconds that a host may think about one question."""
SHOWN = 160  # characters of evidence
_STATUS = "-- status "


@dataclass(frozen=True)
class Look:
    """ask: prints what is judged; another exit status than 0 says that it could not look. judge:
    may raise what Python raises for an answer that is none. of: the application that it is about,
    where there are several."""

    id: str
    ask: str
    judge: Callable[[list[str]], Finding]
    of: str = ""


def question(looks: Sequence[Look]) -> str:
    """Shell that takes all looks."""
    return "cd /\n" + script([_bounded(look.ask) for look in looks])


def _bounded(ask: str) -> str:
    return f'timeout -k 2 {LONGEST} sh -c {shlex.quote(ask)} 2>&1; echo "\n{_STATUS}$?"'


def answered(looks: Sequence[Look], lines: Sequence[str]) -> list[tuple[str, Finding]]:
    """What each look found, by the id of its line."""
    try:
        said = answers(lines, len(looks))
    except Unanswered as error:
        return [(look.id, unknown(short(str(error)))) for look in looks]
    return [(look.id, found(look, each)) for look, each in zip(looks, said, strict=True)]


def found(look: Look, lines: Sequence[str]) -> Finding:
    """What a look found. Without an answer, or with one that nobody foresaw, it could not look."""
    finding = _judged(look, lines)
    words = f"{look.of}: {finding.evidence}" if look.of else finding.evidence
    return Finding(finding.outcome, short(words), finding.when)


def _judged(look: Look, lines: Sequence[str]) -> Finding:
    if not lines or not lines[-1].startswith(_STATUS):
        return unknown("the host did not answer")
    said = [line for line in lines[:-1] if line.strip()]
    if (status := lines[-1].removeprefix(_STATUS)) != "0":
        why = f"no answer within {LONGEST} s" if status == "124" else last(said)
        return unknown(why or f"exit status {status}")
    try:
        return look.judge(said)
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration):
        return unknown(f"not understood: {last(said) or 'it said nothing'}")


def last(said: Sequence[str]) -> str:
    return said[-1] if said else ""


def short(text: str) -> str:
    """A host's words on a line of the operator's terminal."""
    text = " ".join(plain(text).split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
