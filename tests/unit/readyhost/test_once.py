"""What pyinfra is spared: it gets the same, and the same as from Python's own."""

from __future__ import annotations

import inspect
import sys
from types import SimpleNamespace
from typing import Any, get_type_hints

import pytest
from paramiko.file import BufferedFile
from pyinfra.api import Config, Inventory, State, arguments, facts, util
from pyinfra.api.host import Host
from pyinfra.connectors import base
from pyinfra.connectors import util as connectors

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
    assert "read_buffer" in connectors.read_output_buffers.__code__.co_names
    assert "get_type_hints" in vars(base)
    assert {"pop_global_arguments", "signature"} <= vars(
        sys.modules["pyinfra.api.operation"]
    ).keys()
    assert dict(arguments.all_global_arguments()) == get_type_hints(arguments.AllArguments)
    said = _after(
        "from pyinfra.api import arguments, facts, util",
        "names = [util.stack, util.getframeinfo]",
        "print(*[name.__module__ for name in names])",
        "print(facts.all_global_arguments is arguments.all_global_arguments)",
        "print(arguments.all_global_arguments.cache_info().misses)",
    ).splitlines()
    assert said[-3:] == ["readyhost.once readyhost.once", "True", "1"]


def _spared() -> once.Pop:
    names = frozenset(name for name, _ in arguments.all_global_arguments())
    return once.spared(arguments.pop_global_arguments, names, lambda state: state.config)


def _host(config: Config, **data: Any) -> tuple[State, Host]:
    inventory = Inventory((["host"], data))
    return State(inventory, config), inventory.get_host("host")


CONFIGURATIONS: list[dict[str, Any]] = [{}, {"SUDO_USER": "app"}, {"ENV": {"B": "2"}}]
GIVEN: list[dict[str, Any]] = [
    {"name": "Role | files", "step": 1},
    {"name": "Role | service", "step": 2},
    {"step": 1},
    {"name": "Role | files", "_sudo": False},
    {"name": "Role | files", "_env": {"A": "1"}},
]


def test_arguments_are_those_of_pyinfra() -> None:
    spared = _spared()
    for sudo in (True, False):
        for changed in CONFIGURATIONS:
            state, host = _host(Config(**changed), _sudo=sudo)
            for given in (*GIVEN, *GIVEN):
                left, wanted_left = dict(given), dict(given)
                wanted = arguments.pop_global_arguments(state, host, wanted_left)
                assert spared(state, host, left) == wanted
                assert left == wanted_left


def test_arguments_follow_what_changes_under_way() -> None:
    spared = _spared()
    state, host = _host(Config(), _sudo=True)
    for change in (
        lambda: None,
        lambda: setattr(state.config, "SUDO_USER", "app"),
        lambda: state.config.ENV.update(B="2"),
        lambda: setattr(host, "current_deploy_kwargs", {"_sudo_user": "other"}),
        lambda: setattr(host, "current_deploy_kwargs", None),
        lambda: setattr(host.data, "_sudo", False),
    ):
        change()
        wanted = arguments.pop_global_arguments(state, host, {"name": "x"})
        assert spared(state, host, {"name": "x"}) == wanted


def test_what_one_operation_adds_to_its_environment_is_not_the_next_ones() -> None:
    spared = _spared()
    state, host = _host(Config(ENV={"B": "2"}), _sudo=True)
    for _ in range(3):
        values, _ = spared(state, host, {"name": "x"})
        assert values["_env"] == {"B": "2"}
        values["_env"]["C"] = "3"


class _File(BufferedFile):
    """What a host says, in the pieces in which it comes."""

    def __init__(self, *pieces: bytes) -> None:
        super().__init__()
        self._pieces = list(pieces)
        self._set_mode("r")  # type: ignore[attr-defined]

    def _read(self, size: int) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


@pytest.mark.parametrize(
    "pieces",
    [
        (),
        (b"one\ntwo\n",),
        (b"one\ntw", b"o\n"),
        (b"one\n", b"\n", b"no end"),
        (b"carriage\r\n", b"a\rb\n"),
        ("zwölf\n".encode()[:3], "zwölf\n".encode()[3:]),
    ],
)
def test_lines_are_those_of_paramiko(pieces: tuple[bytes, ...]) -> None:
    assert list(once.lines(_File(*pieces))) == list(_File(*pieces))


def test_what_is_no_file_of_paramikos_is_read_as_it_was() -> None:
    seen: list[Any] = []
    read = once.quickly(lambda name, file, *rest, **named: seen.append([*file, *rest, named]))
    read("stdout", ["one\n"], "queue", print_output=True)
    read("stdout", _File(b"one\n"), "queue", print_output=True)
    assert seen == [["one\n", "queue", {"print_output": True}]] * 2
