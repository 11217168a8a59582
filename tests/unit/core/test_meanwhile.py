"""What goes on while a host answers."""

from __future__ import annotations

import gevent
import pytest

from roles.core.meanwhile import meanwhile


def test_work_goes_on_while_something_waits_and_is_done_afterwards() -> None:
    order: list[str] = []

    def work() -> None:
        order.append("begun")
        gevent.sleep(0.05)
        order.append("done")

    with meanwhile(work):
        gevent.sleep(0)
        order.append("answered")
    assert order == ["begun", "answered", "done"]


def test_who_asks_afterwards_hears_why_there_is_nothing() -> None:
    def work() -> None:
        raise OSError("no such repository")

    with meanwhile(work):
        gevent.sleep(0)


def test_it_ends_with_what_it_was_begun_for() -> None:
    done: list[int] = []

    def work() -> None:
        gevent.sleep(0.05)
        done.append(1)

    with pytest.raises(ValueError, match="busy"), meanwhile(work):
        gevent.sleep(0)
        raise ValueError("another run is busy here")
    gevent.sleep(0.1)
    assert not done
