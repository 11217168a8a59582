"""What pyinfra is spared: it gets the same, and the same as from Python's own."""

from __future__ import annotations

import inspect
from types import SimpleNamespace
from typing import Any, get_type_hints

import pytest
from pyinfra.api import arguments, facts, util

from readyhost import once

from .test_start import _after


def _called(state: Any) -> list[int]:
    # Two frames of one file, as an operation in a loop of a role has.
    return _inner(state)


def _inner(state: Any) -> list[int]:
    return util.get_operation_order_from_stack(state)


def test_the_order_of_operations_is_that_of_pyinfra(monkeypatch: pytest.MonkeyPatch) -> None:
    orders = []
    state = SimpleNamespace(current_deploy_filename=__file__, current_op_file_number=0)
    for stack, place in (
        (inspect.stack, inspect.getframeinfo),
        (once.stack, once.place),
    ):
        monkeypatch.setattr(util, "stack", stack)
        monkeypatch.setattr(util, "getframeinfo", place)
        orders.append(_called(state))
    assert orders[0][:-1] == orders[1][:-1]
    assert len(orders[0]) >= 3


def test_a_place_is_what_python_tells_of_a_frame() -> None:
    (here,) = once.stack()[0]
    told = inspect.getframeinfo(here)
    assert once.place(here) == (told.filename, here.f_lineno)
    assert [frame for (frame,) in once.stack()] == [info.frame for info in inspect.stack()]


def test_it_is_in_pyinfra_where_it_reads_it() -> None:
    # Where one of these is gone, nothing is replaced any more, and a run is slow.
    assert {"stack", "getframeinfo"} <= vars(util).keys()
    assert "all_global_arguments" in vars(facts)
    assert dict(arguments.all_global_arguments()) == get_type_hints(arguments.AllArguments)
    said = _after(
        "from pyinfra.api import arguments, facts, util",
        "names = [util.stack, util.getframeinfo]",
        "print(*[name.__module__ for name in names])",
        "print(facts.all_global_arguments is arguments.all_global_arguments)",
        "print(arguments.all_global_arguments.cache_info().misses)",
    ).splitlines()
    assert said[-3:] == ["readyhost.once readyhost.once", "True", "1"]
