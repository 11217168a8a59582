"""How `pyinfra` starts in this checkout: as its own program does, without what no run needs.

pyinfra's public entry point is `pyinfra_cli.main:main`. What comes before it here takes a third off
the processor time of its start. Without this, pyinfra's own program does the same, more slowly.
"""

from __future__ import annotations

import gc
import importlib
import sys
from importlib import metadata
from types import ModuleType
from typing import Any

UNUSED = ("invoke",)
"""What is imported, and used by nobody. invoke: paramiko runs `Match exec` of ~/.ssh/config with
it, and pyinfra puts a program of its own into that place."""

COLLECTED_AFTER = 50_000
"""New objects between two looks for garbage. Python's 700 make for a thousand looks while modules
are read, and find nothing."""


class Later(ModuleType):
    """Stands for a module until something of it is wanted."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what the import itself looks for
            raise AttributeError(name)
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def main() -> None:
    """pyinfra, started."""
    gc.set_threshold(COLLECTED_AFTER)
    for name in UNUSED:
        sys.modules.setdefault(name, Later(name))
    # gevent asks for plugins at each module that it changes, 26 times: one reading of what is
    # installed answers all.
    whole, metadata.entry_points = metadata.entry_points, _once(metadata.entry_points())
    try:
        from pyinfra_cli.main import main as pyinfra
    finally:
        metadata.entry_points = whole
    pyinfra()


def _once(found: Any) -> Any:
    def entry_points(**wanted: Any) -> Any:
        return found.select(**wanted)

    return entry_points
