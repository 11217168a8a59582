"""The benchmark's contenders make what the roles ask for: nothing of it may go unrecorded."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable

from benchmarks.provision.recording import Recorder, substitutes

# Asked for by rollback.py alone: deploy.py, which is what is measured, does not use it.
ELSEWHERE = {"roles.app.back"}


def operations() -> list[Callable]:
    """All operations that the roles define."""
    substitutes(Recorder())  # with it every role is loaded
    return [
        value
        for module, loaded in list(sys.modules.items())
        if module.split(".")[0] == "roles" and module not in ELSEWHERE
        for value in vars(loaded).values()
        if hasattr(value, "is_idempotent") and value.__module__ == module
    ]


def test_each_operation_is_recorded() -> None:
    assert operations()
    assert set(operations()) == set(substitutes(Recorder()))


def test_each_is_recorded_with_all_that_it_may_be_asked_for() -> None:
    for operation, substitute in substitutes(Recorder()).items():
        wanted = inspect.signature(operation, follow_wrapped=True).parameters
        accepted = inspect.signature(substitute).parameters
        if any(one.kind is inspect.Parameter.VAR_KEYWORD for one in accepted.values()):
            continue
        # each operation takes a name beside its own parameters
        assert set(accepted) == {"name", *wanted}, operation.__module__
