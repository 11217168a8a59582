"""What a run says at its very end, when somebody looks."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence

from pyinfra import logger
from pyinfra.api.host import Host

_repeated: list[str] = []
_behind: list[Callable[[], None]] = []


def repeat(host: Host, lines: Sequence[str]) -> None:
    """Have this run say `lines` at its very end, as each other run does while they are true. That
    is no step: a run that changes nothing goes on saying so."""
    new = (f"[{host.name}] {line}" for line in lines)
    _repeated.extend(line for line in new if line not in _repeated)


def behind(say: Callable[[], None]) -> None:
    """Have `say` called behind all of that: what an operator sees last is why a run has failed."""
    if say not in _behind:
        _behind.append(say)


@atexit.register
def _say_repeated() -> None:
    for line in _repeated:
        logger.warning(line)
    _repeated.clear()
    for say in _behind:
        say()
    _behind.clear()
