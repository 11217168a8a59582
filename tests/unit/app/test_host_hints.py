"""What is said of a process beside its last lines: the setting that it seems to miss."""

from __future__ import annotations

import pytest

from roles.app.host.hints import hints


@pytest.mark.parametrize(
    ("line", "setting"),
    [
        ("OSError: [Errno 30] Read-only file system: 'logs'", "app.hooks.after_build"),
        ("Error: EROFS: read-only file system, mkdir '/srv/app/releases/v1/tmp'", "UPLOADS_DIR"),
        ("Error: ENOENT: no such file or directory, mkdir './files'", "UPLOADS_DIR"),
        (
            "NoPermissionError: this user has no permissions to run the 'client|kill' command",
            'redis.allow_commands = ["client|kill"]',
        ),
        ("ReplyError: NOAUTH Authentication required.", "{redis.url}"),
        ("redis.exceptions.AuthenticationError: Authentication required.", "{redis.password}"),
        (
            'connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed',
            "{database.url}",
        ),
        ("fe_sendauth: no password supplied", "{database.url}"),
        ("Error: connect ECONNREFUSED 127.0.0.1:5432", "{database.url}"),
        ("Error: SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string", "app.names"),
        ("OSError: [Errno 98] Address already in use", "SOCKET"),
        ("bind on address ('::', 2525): [errno 98] address already in use", "a worker waits"),
        ("Error: listen EADDRINUSE: address already in use :::3000", "PORT"),
        (
            "QueryFailedError: function uuid_generate_v4() does not exist",
            'postgres.extensions = ["uuid-ossp"]',
        ),
        ("error: function crypt(unknown, text) does not exist", '["pgcrypto"]'),
        ('operator class "gin_trgm_ops" does not exist for access method "gin"', '["pg_trgm"]'),
        ('psycopg.errors.UndefinedObject: type "citext" does not exist', '["citext"]'),
        ('permission denied to create extension "btree_gist"', '["btree_gist"]'),
        # the end of what node-postgres prints
        ("where: 'PL/pgSQL function extensions.only_listed() line 6 at RAISE',", "extensions"),
    ],
)
def test_REL_07_what_a_process_seems_to_miss_is_named(line: str, setting: str) -> None:
    (hint,) = hints(["last lines of app-web-blue@1.service:", f"  {line}"])
    assert setting in hint


def test_REL_07_nothing_is_guessed_of_other_ends() -> None:
    assert hints(["  ZeroDivisionError: division by zero", "  connection refused: 10.1.1.1"]) == []
