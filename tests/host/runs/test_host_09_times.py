"""Every time that the settings take is one that cron or systemd takes too, as their own programs
read it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from contextlib import suppress

import hypothesis
from hypothesis import given
from hypothesis import strategies as st

from roles.app.schedule import calendar
from roles.core import cron
from tests.host.conftest import Host
from tests.host.stages import once

from .variants import ROUND

NUMBER = st.integers(0, 70).map(str) | st.sampled_from(["00", "07", "007"])
DAYS = st.from_regex(r"(mon|TUE|wed|Thursday|fri|sat|sun|monkey|Su)", fullmatch=True)


def joined(separator: str, part: st.SearchStrategy[str], most: int = 2) -> st.SearchStrategy[str]:
    return st.lists(part, min_size=1, max_size=most).map(separator.join)


def component(one: st.SearchStrategy[str], to: str) -> st.SearchStrategy[str]:
    """`*`, a number, a range, a list of them, with or without a step."""
    span = st.just("*") | one | st.tuples(one, one).map(to.join)
    return joined(",", span | st.tuples(span, NUMBER).map("/".join))


CRON = st.tuples(
    *(component(NUMBER | DAYS if last else NUMBER, "-") for last in (0, 0, 0, 0, 1))
).map(" ".join)
PART = component(NUMBER, "..")
DATE = st.tuples(st.sampled_from(["*-", "2027-", "2027..2030-", "2027/2-", "27,30-", ""]), PART,
    st.sampled_from("-~"), PART).map("".join)  # fmt: skip
CALENDAR = st.one_of(
    st.sampled_from(["hourly", "daily", "quarterly", "annually", "biannually"]),
    st.tuples(
        st.just("") | joined(",", DAYS | st.tuples(DAYS, DAYS).map("..".join)),
        st.just("") | DATE,
        st.just("") | joined(":", PART, 3),
        st.sampled_from(["", "", "", "UTC", "Europe/Berlin", "Foo/Bar"]),
    ).map(lambda parts: " ".join(part for part in parts if part)),
)


def taken(accepts: Callable[[str], str], texts: list[str]) -> list[str]:
    """Those that the settings take."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(accepts(text))
    return found


@once
def test_HOST_09_a_time_that_is_taken_is_one_of_crons(box: Host) -> None:
    """As cron's own program reads a crontab, of an account that is there for it."""
    box.ssh("useradd --system --no-create-home crontab-reader")
    try:

        @hypothesis.settings(ROUND, max_examples=10)
        @given(st.lists(CRON, min_size=20, max_size=40))
        def read(texts: list[str]) -> None:
            lines = "".join(f"{text} true\n" for text in taken(cron.schedule, texts))
            box.ssh("crontab -u crontab-reader -", stdin=lines)

        read()
    finally:
        box.ssh("crontab -r -u crontab-reader; userdel crontab-reader")


@once
def test_HOST_09_a_time_that_is_taken_is_one_of_systemds(box: Host) -> None:
    @hypothesis.settings(ROUND, max_examples=10)
    @given(st.lists(CALENDAR, min_size=20, max_size=40))
    def read(texts: list[str]) -> None:
        lines = "\n".join(shlex.quote(text) for text in taken(calendar, texts))
        said = box.run("xargs systemd-analyze calendar", stdin=lines)
        assert said.returncode == 0, said.stderr
        assert "Next elapse: never" not in said.stdout

    read()
