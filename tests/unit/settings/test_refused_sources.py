"""All errors of all sources at once, and files that are missing or are not what they should be."""

from __future__ import annotations

import pytest

from .conftest import TOML, Files


def test_every_error_of_every_source_is_said_at_once(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.toml(f"{TOML}[redis]\nport = 1\n[nginx]\nclients = 5000\n")
    files.more_env(READYHOST_LOGS__KEEP="0", READYHOST_REDIS__PASWORD="x")
    monkeypatch.setenv("READYHOST_BASE__SWAP_MB", "-1")
    assert files.errors("app.database_pool=60", "foo=1") == [
        "test.toml:5: redis.port: must be a whole number from 1024 to 65535",
        "test.toml:7: nginx.clients: must be at most base.connections (3000),"
        " which the kernel is sized for",
        "test.env:5: READYHOST_LOGS__KEEP: must be a whole number from 1 to 365",
        "test.env:6: READYHOST_REDIS__PASWORD: is unknown; did you mean READYHOST_REDIS__PASSWORD?",
        "environment: READYHOST_BASE__SWAP_MB: must be a whole number from 0 to 65536",
        "--data foo: is unknown",
        "--data app.database_pool: must be a whole number from 10 to 50",
    ]


def test_a_rule_is_checked_beside_a_missing_secret(files: Files) -> None:
    files.env("READYHOST_APP__SECRET_KEY=short\n")
    assert files.errors("pgbouncer.pool_size=20") == [
        "test.env: READYHOST_POSTGRES__PASSWORD: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_REDIS__PASSWORD: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_BACKUP__PASSPHRASE: is missing; `make environment NAME=test` adds it",
        "test.env:1: READYHOST_APP__SECRET_KEY: must have at least 16 characters",
        "--data pgbouncer.pool_size: 36 connections of each of two releases are 72,"
        " but pgbouncer.pool_size is 20",
    ]


def test_a_rule_is_not_asked_about_a_wrong_value(files: Files) -> None:
    lines = files.errors("pgbouncer.pool_size=20", "app.database_pool=none")
    assert lines == ["--data app.database_pool: must be a whole number from 10 to 50"]


def test_missing_values_are_named_where_they_belong(files: Files) -> None:
    files.toml("")
    files.env("")
    assert files.errors() == [
        "test.toml: domain: is missing, such as example.com",
        "test.toml: app.repository: is missing, such as git@github.com:example/shop.git",
        "test.env: READYHOST_APP__SECRET_KEY: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_POSTGRES__PASSWORD: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_REDIS__PASSWORD: is missing; `make environment NAME=test` adds it",
        "test.env: READYHOST_BACKUP__PASSPHRASE: is missing; `make environment NAME=test` adds it",
    ]


def test_missing_files_are_one_line(files: Files) -> None:
    (files.folder / "test.toml").unlink()
    (files.folder / "test.env").unlink()
    assert files.errors() == [
        "test.toml and test.env are missing; `make environment NAME=test` makes them"
        " from prod.toml.example and prod.env.example"
    ]


def test_a_missing_file_has_its_own_example_if_there_is_one(files: Files) -> None:
    (files.folder / "test.env").unlink()
    (files.folder / "test.env.example").touch()
    assert files.errors() == [
        "test.env is missing; `make environment NAME=test` makes it from test.env.example"
    ]


@pytest.mark.parametrize(
    "text, line",
    [
        ('a = 1\nb = "x\n', "test.toml:2 is not valid TOML: "),
        ("a = 1\na = 2\n", "test.toml:2 is not valid TOML: "),
        ("[app\n", "test.toml:1 is not valid TOML: "),
    ],
)
def test_toml_that_is_none(files: Files, text: str, line: str) -> None:
    files.toml(text)
    (said,) = files.errors()  # what is in it is not missing
    assert said.startswith(line)


def test_files_that_are_not_text(files: Files) -> None:
    (files.folder / "test.toml").write_bytes(b"\xff\xfe")
    (files.folder / "test.env").write_bytes(b"\xff\xfe")
    lines = files.errors()
    assert "test.toml is not UTF-8 text" in lines
    assert "test.env cannot be read as UTF-8 text" in lines


def test_lines_of_name_env_that_mean_nothing(files: Files) -> None:
    files.more_env(FOO="x", READYHOST_="y")
    with (files.folder / "test.env").open("a") as env:
        env.write("\nREADYHOST_APP__TAG\n'unfinished\n")
    assert files.errors() == [
        "test.env:5: FOO: is unknown; names begin with READYHOST_",
        "test.env:6: READYHOST_: is unknown",
        "test.env:8: READYHOST_APP__TAG: has no value",
        "test.env:9 is not NAME=value",
    ]


def test_the_same_key_twice_in_one_source(files: Files) -> None:
    files.more_env(readyhost="x")
    files.env((files.folder / "test.env").read_text().replace("readyhost=x\n", ""))
    with (files.folder / "test.env").open("a") as env:
        env.write("READYHOST_DOMAIN=a.example\nREADYHOST_domain=b.example\n")
    assert files.errors("tag=v1", "app.tag=v2") == [
        "test.env:6: READYHOST_domain: is given twice, see test.env:5: READYHOST_DOMAIN",
        "--data app.tag: is given twice, see --data tag",
    ]
