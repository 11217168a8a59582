"""How `pyinfra` starts in this checkout: as its own program does, without what no run needs.

pyinfra's public entry point is `pyinfra_cli.main:main`. What comes before it here takes a third off
the processor time of its start. Without this, pyinfra's own program does the same, more slowly.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import sys
from contextlib import suppress
from importlib import metadata
from types import ModuleType
from typing import Any, NoReturn

UNUSED = ("invoke", "unittest.mock")
"""What is imported, and used by nobody. invoke: paramiko runs `Match exec` of ~/.ssh/config with
it, and pyinfra puts a program of its own into that place. unittest.mock: typeguard, which checks
the arguments of operations, lets what a test puts in their place pass."""

COLLECTED_AFTER = 2_000_000
"""New objects between two looks for garbage. While modules are read there are 1.2 million, and a
look at them finds nothing. What a long run leaves is looked at after at most 200 MB of it."""


class Later(ModuleType):
    """Stands for a module until something of it is wanted."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what the import itself looks for
            raise AttributeError(name)
        return getattr(_itself(self.__name__), name)


def _itself(name: str) -> ModuleType:
    if isinstance(sys.modules.get(name), Later):
        del sys.modules[name]
    return importlib.import_module(name)


class Mock:
    """What typeguard takes for what a test puts in a value's place: no run has any."""


def patch(*arguments: Any, **named: Any) -> Any:
    """unittest.mock's own, with which typeguard changes modules: none, unless it is asked to."""
    return _itself("unittest.mock").patch(*arguments, **named)


def main() -> None:
    """pyinfra, started and ended."""
    try:
        begin()
    except SystemExit as end:
        leave(end.code)


def begin() -> None:
    """pyinfra, started. Raises SystemExit with what it ends with."""
    gc.set_threshold(COLLECTED_AFTER)
    for name in UNUSED:
        sys.modules.setdefault(name, Later(name))
    for each in (Mock, patch):
        vars(sys.modules["unittest.mock"]).setdefault(each.__name__, each)
    # gevent asks for plugins at each module that it changes, 26 times: one reading of what is
    # installed answers all.
    whole, metadata.entry_points = metadata.entry_points, _once(metadata.entry_points())
    try:
        import pyinfra_cli  # noqa: F401 - gevent changes modules before others read them

        from .once import replace

        replace()
        from pyinfra_cli.main import main as pyinfra
    finally:
        metadata.entry_points = whole
    pyinfra()


def leave(code: str | int | None) -> NoReturn:
    """End as `sys.exit(code)` does, and at once. Python would take a thousand modules apart, object
    by object, for memory that is given back anyway: a tenth of a second run's time."""
    if isinstance(code, str):
        print(code, file=sys.stderr)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # nobody reads any more: the status counts
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def _once(found: Any) -> Any:
    def entry_points(**wanted: Any) -> Any:
        return found.select(**wanted)

    return entry_points
