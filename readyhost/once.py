"""What pyinfra works out anew for each operation, worked out once, or only as far as it is used.

It is a fifth of a second run's processor time, and was most of what a further host costs. It knows
pyinfra's inside: where that has changed, pyinfra does as it always did.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from copy import copy
from functools import cache
from types import FrameType
from typing import Any, NamedTuple, get_type_hints


class Place(NamedTuple):
    """Where a frame stands: as much as pyinfra reads of `inspect.Traceback`."""

    filename: str
    lineno: int


def place(frame: FrameType) -> Place:
    """inspect.getframeinfo, which would also look for the text around it: it searches all modules
    that are loaded, for each frame of each operation."""
    return Place(frame.f_code.co_filename, frame.f_lineno)


def stack() -> list[tuple[FrameType]]:
    """The frames of inspect.stack, the caller's first, with nothing looked up about them."""
    found = []
    frame: FrameType | None = sys._getframe(1)
    while frame:
        found.append((frame,))
        frame = frame.f_back
    return found


Pop = Callable[[Any, Any, dict[str, Any]], tuple[Any, list[str]]]


def spared(pop: Pop, names: frozenset[str], config_of: Callable[[Any], Any]) -> Pop:
    """pyinfra's `pop_global_arguments`, for an operation that is given none of them but its name:
    what a host and the configuration say of 35 arguments is the same as for the one before.

    names: of all of them. config_of: the configuration that counts, by pyinfra's state.
    """
    known: dict[Any, tuple[Any, dict[str, Any]]] = {}  # by a host's data, which are its alone

    def popped(state: Any, host: Any, given: dict[str, Any]) -> tuple[Any, list[str]]:
        config = config_of(state)
        said = (config.get_current_state(), dict(config.ENV))
        own = host.current_deploy_kwargs or host.get_deploy_data() or host.data.override_datas
        if own or given.keys() & names != {"name"}:
            return pop(state, host, given)
        before, values = known.get(host.data, (None, {}))
        if before != said:
            values, found = pop(state, host, given)
            known[host.data] = said, {key: copy(value) for key, value in values.items()}
            return values, found
        # Copies: who is given an environment may add to it.
        copies = {key: copy(value) for key, value in values.items()}
        return {**copies, "name": given.pop("name")}, ["name"]

    return popped


CHUNK = 65_536  # bytes; what a host has said of a whole plan is a little more


def lines(file: Any) -> Iterator[str]:
    """The lines that a command of a host's prints. paramiko's own file gives the same, and copies
    all that it has read and not given yet for each of them."""
    rest = b""
    while data := file._read(CHUNK):
        *whole, rest = (rest + data).split(b"\n")
        yield from (f"{line.decode()}\n" for line in whole)
    if rest:
        yield rest.decode()


def quickly(read: Callable[..., None]) -> Callable[..., None]:
    """pyinfra's `read_buffer`, with `lines`; what is no file of paramiko's is read as it was."""
    from paramiko.file import BufferedFile

    def read_buffer(name: str, file: Any, *arguments: Any, **named: Any) -> None:
        read(name, lines(file) if isinstance(file, BufferedFile) else file, *arguments, **named)

    return read_buffer


def replace() -> None:
    """Have pyinfra use them. Facts look for the names that their arguments may not have when their
    classes are made, so this comes before those are imported."""
    from pyinfra.api import arguments, facts, util
    from pyinfra.connectors import base
    from pyinfra.connectors import util as connectors
    from pyinfra.context import ctx_config

    names: Callable[[], Any] = cache(arguments.all_global_arguments)
    for module in (arguments, facts):
        _put(module, all_global_arguments=names)
    _put(util, stack=stack, getframeinfo=place)
    pop = spared(
        arguments.pop_global_arguments,
        frozenset(name for name, _ in names()),
        lambda state: ctx_config.get() if ctx_config.isset() else state.config,
    )
    operation = sys.modules.get("pyinfra.api.operation")  # the package's name is the decorator's
    _put(operation, pop_global_arguments=pop, signature=cache(inspect.signature))
    _put(base, get_type_hints=cache(get_type_hints))
    _put(connectors, read_buffer=quickly(connectors.read_buffer))


def _put(module: Any, **values: Any) -> None:
    for name, value in values.items():
        if hasattr(module, name):
            setattr(module, name, value)
