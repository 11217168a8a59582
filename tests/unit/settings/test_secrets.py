"""A secret is a secret: strong, in NAME.env, and in no message."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings

from roles.core.environment import Conflict, read
from roles.core.environment.keys import fields
from roles.core.environment.places import find
from roles.core.errors import OperatorError
from roles.core.model import Secret, Section
from settings import Settings

from .conftest import TOML, Files

WEAK = {
    "": "must have at least 16 characters",
    "fifteen-chars-x": "must have at least 16 characters",
    "changemechangeme": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "CHANGE_ME_PLEASE_1234": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "password12345678": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "my-super-secret-key!": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "postgrespostgres": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "<your-secret-key-here>": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "0123456789abcdef": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "aaaaaaaaaaaaaaaaaaaa": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "abababababababababab": "is a placeholder or a known default; make one: openssl rand -hex 32",
    "sixteen chars and spaces": "must be printable ASCII without spaces",
    "sixteen\nchars\nlines": "must be printable ASCII without spaces",
    "pässwörter-überall-hier": "must be printable ASCII without spaces",
}


class Holder(Section):
    secret: Secret


@pytest.mark.parametrize("value, message", WEAK.items())
def test_a_weak_secret_is_refused(value: str, message: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Holder(secret=SecretStr(value))
    assert raised.value.errors()[0]["msg"] == f"Value error, {message}"
    assert not value or value not in str(raised.value)


def test_random_secrets_are_accepted() -> None:
    for _ in range(2000):
        for make in (secrets.token_hex, secrets.token_urlsafe):
            Holder(secret=SecretStr(make(16)))


def test_every_password_of_the_model_is_masked() -> None:
    named = ("password", "secret", "dsn", "token")
    for path, _ in fields(Settings):
        if any(word in str(path[-1]) for word in named):
            place = find(Settings, path)
            assert place and place.secret, path


LEAKS = [
    "tooshort-9183",
    "has spaces, is long enough, 9183",
    "changemechangeme9183",
]


@pytest.mark.parametrize("leak", LEAKS)
@pytest.mark.parametrize(
    "name",
    [
        "READYHOST_APP__SECRET_KEY",
        "READYHOST_APP__SECRET_KYE",
        "READYHOST_POSTGRES__PASSWORD",
        "READYHOST_POSTGRES__PASSWORD__X",
        "READYHOST_POSTGRES__ROLES__READER__PASSWORD",
        "READYHOST_POSTGRES__ROLES",
        "READYHOST_APP__SECRETS",
        "READYHOST_APP__SECRETS__bad-name",
        "READYHOST_REDIS",
        "SECRET_KEY",
    ],
)
def test_no_message_shows_a_secret(
    files: Files, monkeypatch: pytest.MonkeyPatch, name: str, leak: str
) -> None:
    files.more_env(**{name: f"'{leak}'"})
    lines = files.errors("postgres.port=1")
    assert len(lines) == 2
    assert "9183" not in "\n".join(lines)
    if name.startswith("READYHOST_"):
        files.more_env()
        monkeypatch.setenv(name, leak)
        assert "9183" not in "\n".join(files.errors())


def test_no_message_shows_a_secret_that_json_holds(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("READYHOST_REDIS", '{"password": "leaked-9183", "port": "leaked-9183"}')
    monkeypatch.setenv("READYHOST_APP__SECRETS", '{"bad-name": "leaked-9183", "PORT": 9183}')
    monkeypatch.setenv("READYHOST_POSTGRES__ROLES", '{"x": {"password": "leaked-9183"')
    assert "9183" not in "\n".join(files.errors())


def test_settings_show_no_secret(files: Files) -> None:
    files.more_env(READYHOST_APP__SECRETS__TOKEN="value-9183")
    settings = files.load()
    hidden = [
        "9183",
        settings.app.secret_key.get_secret_value(),
        settings.postgres.password.get_secret_value(),
        settings.redis.password.get_secret_value(),
    ]
    shown = f"{settings!r} {settings} {settings.to_json()} {settings.model_dump_json()}"
    assert not [secret for secret in hidden if secret in shown]


@pytest.mark.parametrize(
    "text, key",
    [
        ("[redis]\npassword = 'leaked-9183-leaked'\n", "test.toml:5: redis.password"),
        ("secret_key = 'leaked-9183-leaked'\n", "test.toml:4: app.secret_key"),
        ("[app.secrets]\nTOKEN = 'leaked-9183-leaked'\n", "test.toml:4: app.secrets"),
        (
            "[postgres.roles.reader]\npassword = 'leaked-9183-leaked'\n",
            "test.toml:5: postgres.roles.reader.password",
        ),
    ],
)
def test_a_secret_in_toml_is_refused(files: Files, text: str, key: str) -> None:
    files.toml(TOML + text)
    assert files.errors() == [f"{key}: is a secret and must be in test.env, never here"]


@pytest.mark.parametrize("key", ["app.secret_key", "app.secrets.TOKEN", "redis.password"])
def test_a_secret_on_a_command_line_is_refused(files: Files, key: str) -> None:
    assert files.errors(f"{key}=leaked-9183-leaked") == [
        f"--data {key}: is a secret and may not be on a command line"
    ]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_a_file_of_secrets_that_others_can_read_is_refused(files: Files, mode: int) -> None:
    (files.folder / "test.env").chmod(mode)
    assert files.errors() == [f"test.env has mode {mode:04o}, run: chmod 600 test.env"]


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_secrets_for_its_owner_alone(files: Files, mode: int) -> None:
    (files.folder / "test.env").chmod(mode)
    assert files.load()


def test_an_error_of_pydantic_s_own_shows_no_input() -> None:
    with pytest.raises(ValidationError) as raised:
        Holder.model_validate({"secret": ["leaked-9183"], "other": "leaked-9183"})
    assert "9183" not in str(raised.value)


class Careless(BaseSettings):
    """A model whose rule says what it was given, and so does the rule between its parts."""

    token: SecretStr

    @field_validator("token")
    @classmethod
    def _known(cls, token: SecretStr) -> SecretStr:
        if "wrong" in token.get_secret_value():
            raise ValueError(f"{token.get_secret_value()} is wrong")
        return token


@pytest.mark.parametrize("value", ["wrong-9183", "right-9183"])
def test_a_careless_rule_shows_no_secret(files: Files, value: str) -> None:
    def rule(settings: Careless) -> Iterator[Conflict]:
        yield Conflict(("token",), f"{settings.token.get_secret_value()} is right, too")

    files.toml("")
    files.env(f"READYHOST_TOKEN={value}\n")
    with pytest.raises(OperatorError) as raised:
        read(Careless, "test", files.folder, rules=(rule,), data=())
    assert str(raised.value).startswith("test.env:1: READYHOST_TOKEN: ********** is ")
