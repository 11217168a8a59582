"""Which login is live is told by the host, and no word of it by the password."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from roles.app.credentials import PROGRAM, Credentials, ask
from roles.app.environment import quoted
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.plan import plan
from roles.postgres.quoting import percent
from roles.rules.rotation import Rotation, require_no_change, rotation
from settings import Settings
from tests.unit.environments.small import MINIMAL

FORMER = "a-Former-password:@/é"


def live(tmp_path: Path, user: str, database: str, cache: str) -> Machine:
    """A machine whose live release logs in so."""
    lines = {
        "DATABASE_URL": f"postgresql://{user}:{percent(database)}@127.0.0.1:6432/app",
        "REDIS_URL": f"redis://app:{percent(cache)}@127.0.0.1:6379/0",
    }
    file = tmp_path / "env"
    file.write_text("".join(f"{name}={quoted(value)}\n" for name, value in lines.items()))
    said = subprocess.run(
        ["python3", "-c", PROGRAM, file], check=True, capture_output=True, text=True
    ).stdout
    assert database not in said
    told = (line.removeprefix("told ") for line in said.splitlines())
    return Machine.example(told=tuple(told))


@pytest.mark.parametrize(
    ("user", "knows", "expected"),
    [
        ("app", True, Rotation("app")),
        ("app_b", True, Rotation("app_b")),
        ("app", False, Rotation("app_b", database=True, redis=True)),
        ("app_b", False, Rotation("app", database=True, redis=True)),
    ],
)
def test_DB_10_a_new_password_goes_to_the_login_that_is_not_live(
    tmp_path: Path, user: str, knows: bool, expected: Rotation
) -> None:
    settings: Settings = MINIMAL.settings
    database = settings.postgres.password.get_secret_value() if knows else FORMER
    cache = settings.redis.password.get_secret_value() if knows else FORMER
    assert rotation(settings, live(tmp_path, user, database, cache)) == expected


def test_DB_10_a_host_without_a_release_begins_with_the_first_login() -> None:
    said = subprocess.run(
        ["sh", "-c", ask("nothing-of-that-name")], capture_output=True, check=False
    )
    assert said.stdout == b""
    assert rotation(MINIMAL.settings, Machine.example()) == Rotation("app")


def test_DB_10_a_rollback_brings_no_password_that_the_host_does_not_know() -> None:
    require_no_change(Rotation("app_b"))
    with pytest.raises(OperatorError, match=r"postgres\.password and redis\.password: the host"):
        require_no_change(Rotation("app_b", database=True, redis=True))


def test_each_password_is_compared_once_a_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = MINIMAL.settings
    passwords = (settings.postgres.password, settings.redis.password)
    machine = live(tmp_path, "app", *(each.get_secret_value() for each in passwords))
    compared = []

    def fit(self: Credentials, password: str) -> bool:
        compared.append(password)
        return True

    monkeypatch.setattr(Credentials, "fit", fit)
    plan(settings, machine, MINIMAL.release)
    assert len(compared) == len(passwords)
