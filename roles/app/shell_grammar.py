"""Lines of sh with conditions, groups and alternatives, in their parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_OPENS = {"if": "then", "while": "do", "until": "do", "for": "do"}
_KEYWORDS = frozenset({*_OPENS, "then", "elif", "else", "fi", "do", "done", "{", "}", "!"})
_ENDS = ("then", "elif", "else", "fi", "do", "done", "}", ")")
_OPERATOR = re.compile(r"&&|\|\||;|\||&|\(|\)")
_FIRST = re.compile(r"\S+")


class UnknownError(Exception):
    """A line that has more than this module knows of sh (`case`, functions)."""


@dataclass
class Compound:
    """A group, a condition or a loop: what it asks, and what it does."""

    kind: str
    asks: list[List] = field(default_factory=list)
    does: list[List] = field(default_factory=list)


Pipe = list["str | Compound"]
Statement = list[tuple[Pipe, str]]  # each with what follows it: &&, ||, ;, & or nothing
List = list[Statement]


def is_redirection(text: str, position: int) -> bool:
    """Whether the `&` there is part of one: `2>&1`, `&>file`."""
    before, rest = text[:position].rstrip(), text[position:]
    return rest.startswith("&") and (before.endswith((">", "<")) or rest.startswith("&>"))


def parsed(text: str, after: Callable[[str, int], int]) -> List:
    """A line's statements. `after` says where the next operator stands. Raises UnknownError, and
    ValueError for a condition, a loop or a group that does not end, and for the end of none."""
    tokens = list(_tokens(text, after))
    found = _list(tokens, ())
    if tokens and tokens[0] in [(True, end) for end in _ENDS]:
        raise ValueError(f"{text!r}: {tokens[0][1]!r} is the end of nothing")
    if tokens:
        raise UnknownError
    return found


def _tokens(text: str, after: Callable[[str, int], int]) -> Iterator[tuple[bool, str]]:
    """Words of a command (False), and keywords and operators (True)."""
    begin = position = 0
    while True:
        position = after(text, position)
        found = _OPERATOR.match(text, position)
        if is_redirection(text, position):
            position += 1
            continue
        yield from _words(text[begin:position].strip())
        if not found:
            return
        yield True, found[0]
        begin = position = found.end()


def _words(command: str) -> Iterator[tuple[bool, str]]:
    while (first := _FIRST.match(command)) and first[0] in _KEYWORDS:
        yield True, first[0]
        command = command[first.end() :].strip()
        if first[0] == "for":  # its variable and its words run nothing
            return
    if first and first[0] in ("case", "function"):
        raise UnknownError
    if command:
        yield False, command


def _list(tokens: list[tuple[bool, str]], ends: tuple[str, ...]) -> List:
    """Statements until one of the keywords `ends`, which stays; takes them off `tokens`."""
    found: List = [[]]
    while tokens and tokens[0] not in [(True, end) for end in ends]:
        if tokens[0] == (True, ";"):
            tokens.pop(0)
            continue
        pipe: Pipe = [_command(tokens)]
        while tokens and tokens[0] == (True, "|"):
            tokens.pop(0)
            pipe.append(_command(tokens))
        joined = tokens and tokens[0][0] and tokens[0][1] in ("&&", "||", ";", "&")
        operator = tokens.pop(0)[1] if joined else ""
        found[-1].append((pipe, operator))
        if operator not in ("&&", "||"):
            found.append([])
            if not operator:
                break
    return [statement for statement in found if statement]


def _command(tokens: list[tuple[bool, str]]) -> str | Compound:
    while tokens and tokens[0] == (True, "!"):
        tokens.pop(0)
    if not tokens:
        raise UnknownError
    is_operator, text = tokens.pop(0)
    if not is_operator:
        return text
    if text in ("(", "{"):
        made = Compound(text, does=[_list(tokens, (")", "}"))])
        return _closed(made, tokens, ")" if text == "(" else "}")
    if text not in _OPENS:
        raise UnknownError
    made, body = Compound(text), _OPENS[text]
    made.asks.append(_list(tokens, (body,)))
    _take(tokens, body)
    if text != "if":
        made.does.append(_list(tokens, ("done",)))
        return _closed(made, tokens, "done")
    made.does.append(_list(tokens, ("elif", "else", "fi")))
    while tokens and tokens[0] == (True, "elif"):
        tokens.pop(0)
        made.asks.append(_list(tokens, ("then",)))
        _take(tokens, "then")
        made.does.append(_list(tokens, ("elif", "else", "fi")))
    if tokens and tokens[0] == (True, "else"):
        tokens.pop(0)
        made.does.append(_list(tokens, ("fi",)))
    return _closed(made, tokens, "fi")


def _take(tokens: list[tuple[bool, str]], keyword: str) -> None:
    if not tokens:
        raise ValueError(f"{keyword!r} is missing at the end of the line")
    if tokens.pop(0) != (True, keyword):
        raise UnknownError


def _closed(made: Compound, tokens: list[tuple[bool, str]], keyword: str) -> Compound:
    _take(tokens, keyword)
    if tokens and not tokens[0][0]:  # where its output goes
        tokens.pop(0)
    return made
