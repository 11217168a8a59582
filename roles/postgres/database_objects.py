"""Roles and databases as one step: read by one question, changed by one command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from pydantic import SecretStr

from roles.core.step import Do, Due, Unanswered

from .changes import outranked, plan, script, strangers
from .session import psql
from .state import HEARD, parse, query, question
from .wanted import Wanted


@dataclass(frozen=True)
class DatabaseObjects:
    """The server on `port` has the roles and databases of `wanted`.

    Passwords are compared without being sent, and set as verifiers through standard input.
    """

    name: str
    wanted: Wanted
    port: int
    version: int
    takes: ClassVar[int] = 50  # milliseconds: a session in each database

    def question(self) -> str:
        return question(self.port, query(self.wanted))

    def wants(self) -> str:
        return json.dumps(asdict(self.wanted), default=_plain)

    def due(self, lines: Sequence[str]) -> Due:
        *said, last = lines or [""]
        if last != HEARD:
            raise Unanswered(f"PostgreSQL at port {self.port} did not answer to the end")
        state = parse(line for line in said if line.strip())
        steps = plan(self.wanted, state, self.version)
        words = (*strangers(state), *outranked(self.wanted, state))
        if not steps:
            numbers = f"{len(self.wanted.roles)} roles, {len(self.wanted.databases)} databases"
            return Due(words=words, fine=f"{numbers} are as wanted")
        told = tuple(step.what for step in steps if step.what)
        command = f"{psql(self.port)} -f - >/dev/null"
        return Due((Do(command, script(steps)),), words=(*words, *told))


def _plain(value: Any) -> Any:
    """A set in an order that is always the same; of a secret that there is one, as whoever has this
    text's digest could try passwords on it."""
    return bool(value) if isinstance(value, SecretStr) else sorted(value)
