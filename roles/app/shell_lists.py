"""What a line of sh does before its server, where it has conditions, groups or alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .shell_grammar import Compound, List, UnknownError, parsed


def before_server(text: str, after: Callable[[str, int], int]) -> list[str]:
    """Commands of a line that end before its server starts; none for a line that this module does
    not understand. `after` says where the next operator stands. Raises ValueError for a condition,
    a loop or a group that does not end, and for the end of none.

    What goes on beside the server (`a & server`, `server | a`) is none of them, nor is another
    server in its place (`if x; then one; else other; fi`), or what a loop waits for.
    """
    try:
        return list(_last(parsed(text, after)))
    except UnknownError:
        return []


def _all(statements: List) -> Iterator[str]:
    """Every command of them, but those that go on beside what follows."""
    for statement in statements:
        if statement[-1][1] == "&":
            continue
        for pipe, _ in statement:
            for command in pipe:
                yield from _each(command)


def _each(command: str | Compound) -> Iterator[str]:
    if isinstance(command, str):
        yield command
        return
    for asked in command.asks if command.kind == "if" else ():
        yield from _all(asked)
    for done in command.does:
        yield from _all(done)


def _last(statements: List) -> Iterator[str]:
    """The same of all but the server: what the last statement ends with, or what it chooses."""
    *before, last = statements or [[]]
    yield from _all(before)
    servers = 1 + max((n for n, (_, operator) in enumerate(last) if operator == "&&"), default=-1)
    yield from _all([last[:servers]] if servers else [])
    for pipe, _ in last[servers:]:
        command = pipe[0]
        if len(pipe) > 1 or isinstance(command, str) or command.kind in ("for", "while", "until"):
            continue
        for asked in command.asks:
            yield from _all(asked)
        for done in command.does:
            yield from _last(done)
