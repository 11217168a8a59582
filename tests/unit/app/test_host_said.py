"""Which of a process's last lines are shown."""

from __future__ import annotations

from roles.app.host.said import READ, SHOWN, end

DUMP = ["    at PostgresQueryRunner.query (driver.js:216:19) {", *["    detail: undefined,"] * 40]


def test_REL_07_the_error_comes_first_where_its_object_is_printed_behind_it() -> None:
    error = "QueryFailedError: function uuid_generate_v4() does not exist"
    assert end(["query: CREATE TABLE", error, *DUMP]) == [error, "…", *DUMP[-SHOWN:]]


def test_REL_07_an_end_that_says_what_was_wrong_is_shown_as_it_is() -> None:
    lines = ["ValueError: an older one", *["  File x.py"] * READ, "KeyError: 'SECRET'"]
    assert end(lines) == lines[-SHOWN:]
    assert end(DUMP) == DUMP[-SHOWN:], "nothing is an error"
