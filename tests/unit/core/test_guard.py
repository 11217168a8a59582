"""The proof that the operator still gets in: it ends by itself, whatever the connection does."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import gevent
import pytest
from paramiko import SSHException

from roles.core import guard as module
from roles.core.undo import Guard

HOST: Any = SimpleNamespace(data=SimpleNamespace(get=lambda key: True), connector=None)


class Dead:
    """A connection that comes about and then never answers, nor takes leave."""

    client: Any = SimpleNamespace(close=lambda: gevent.sleep(60))

    def __init__(self, state: object, host: object) -> None:
        pass

    def connect(self) -> None:
        pass

    def run_shell_command(self, *arguments: object, **options: object) -> None:
        gevent.sleep(60)


class Broken(Dead):
    client: Any = None

    def connect(self) -> None:
        raise SSHException("the other side is gone")


def attempt(kind: type) -> str:
    host: Any = SimpleNamespace(data=HOST.data, connector=kind(None, None))
    return module._attempt(None, host, Guard("ssh"), 0.2)  # type: ignore[arg-type]


def test_a_dead_connection_ends_the_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLOSED", 0.2)
    begin = time.monotonic()
    assert attempt(Dead) == "no answer within 0 s"
    assert time.monotonic() - begin < 5


def test_a_broken_connection_is_a_reason() -> None:
    assert attempt(Broken) == "the other side is gone"


def test_nor_does_a_dead_connection_hold_the_order_to_undo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "UNDONE", 0.2)
    host: Any = SimpleNamespace(
        data=HOST.data, run_shell_command=lambda *words, **options: gevent.sleep(60)
    )
    assert not module._undone(host, Guard("ssh"))
