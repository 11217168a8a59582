"""Users who begin, and others in their session."""

from __future__ import annotations

from http.cookiejar import Cookie, CookieJar
from types import SimpleNamespace
from typing import Any

import pytest

from load.begun import begins, like


class StopUser(Exception):
    """As Locust's own is called."""


class User:
    def __init__(self) -> None:
        self.client = SimpleNamespace(cookiejar=CookieJar())


def cookie(name: str) -> Cookie:
    return Cookie(0, name, "1", None, False, "a.test", True, False, "/", True, True, None, True,
                  None, None, {})  # fmt: skip


def tried(failures: list[Exception], *, waits: bool) -> tuple[list[Any], list[tuple[str, str]]]:
    begun: list[Any] = []
    lost: list[tuple[str, str]] = []

    def on_start(user: Any) -> None:
        if failures:
            raise failures.pop(0)

    said = lambda name, why: lost.append((name, why))  # noqa: E731
    begins(on_start, begun, said, lambda seconds: None, lambda: waits)("somebody")
    return begun, lost


def test_LOAD_01_who_could_not_sign_in_is_counted_and_tries_again() -> None:
    begun, lost = tried([ValueError("not signed in"), OSError("gone")], waits=True)
    assert begun == ["somebody"]
    assert lost == [("on_start", "ValueError: not signed in"), ("on_start", "OSError: gone")]


def test_LOAD_01_who_comes_by_the_clock_does_not_try_again() -> None:
    with pytest.raises(ValueError, match="not signed in"):
        tried([ValueError("not signed in")], waits=False)
    assert tried([], waits=False) == ([], [])


def test_a_scenario_may_end_a_user() -> None:
    with pytest.raises(StopUser):
        tried([StopUser()], waits=True)


def test_LOAD_01_an_arrival_is_signed_in_as_somebody_who_is_there() -> None:
    """By cookies of its own, and by what on_start has kept; on_start is not called."""
    there = User()
    there.client.cookiejar.set_cookie(cookie("session"))
    there.token = "t"  # type: ignore[attr-defined]
    came = like(there, lambda kind: kind())
    assert [each.name for each in came.client.cookiejar] == ["session"]
    assert came.client.cookiejar is not there.client.cookiejar and came.token == "t"
