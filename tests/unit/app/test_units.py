"""Commands, variables and values on their way into systemd's files."""

from __future__ import annotations

import subprocess

import pytest
from pydantic import SecretStr

from roles.app.environment import quoted, variables
from roles.app.files import entries, identity
from roles.app.releases import Release
from roles.app.role import checks
from roles.app.units import assignment, in_place, in_shell
from roles.core.entries import Directory, Entry, File
from roles.core.machine import Machine

from .conftest import SECRET, settings

MACHINE = Machine.example()
GIVEN = {
    "domain": "shop.example",
    "environment": "production",
    "database_url": SecretStr("postgresql://shop:geheim-4711@127.0.0.1:6432/shop"),
    "migration_url": SecretStr("postgresql://shop:geheim-4711@127.0.0.1:5432/shop"),
    "redis_url": SecretStr("redis://app:geheim-4712@127.0.0.1:6379/0"),
}


def files(kind: str = "python", release: Release | None = None, **values: object) -> list[Entry]:
    release = release or Release.example(kind)
    return entries(settings(**values), MACHINE, release, **GIVEN)  # type: ignore[arg-type]


def text(found: list[Entry], name: str) -> str:
    return next(e.data.decode() for e in found if isinstance(e, File) and e.path.endswith(name))


@pytest.mark.parametrize(
    "value", ["plain", "a b", "it's", "$HOME", '"', "\\", "`id`", "a'b\"c\\d$e", ""]
)
def test_a_value_is_read_back_as_it_was(value: str) -> None:
    # In this subset systemd reads as a shell does; the tests on hosts ask systemd itself.
    script = f"printf %s {quoted(value)}"
    assert subprocess.run(["sh", "-c", script], check=True, stdout=-1, text=True).stdout == value


def test_a_value_cannot_begin_another_variable() -> None:
    assert quoted("a\nPATH=/tmp") == "'a\nPATH=/tmp'"
    with pytest.raises(ValueError, match="NUL"):
        quoted("a\0b")


def test_secrets_stay_secret_on_their_way() -> None:
    result = variables({"A": SecretStr("x'y"), "B": 5, "C": None})
    assert isinstance(result["A"], SecretStr)
    assert result["A"].get_secret_value() == '"x\'y"'
    assert list(result) == ["A", "B"]


def test_commands_are_the_shells_not_systemds() -> None:
    assert in_shell('echo "$A" 50% \\n') == '/bin/sh -ec "echo \\"$$A\\" 50%% \\\\n"'
    assert in_place("A=1 node x") == '/bin/sh -ec "exec env A=1 node x"'


def test_assignments() -> None:
    assert assignment("A", '50% "x" \\') == '"A=50%% \\"x\\" \\\\"'
    with pytest.raises(ValueError, match="lines"):
        assignment("A", "x\nExecStart=/bin/evil")


def test_every_file_with_a_secret_is_closed() -> None:
    found = files(secrets={"TOKEN": "geheim-4713"}, sentry_dsn="https://geheim-4714@s.example/1")
    secrets = [SECRET, "geheim-4711", "geheim-4712", "geheim-4713", "geheim-4714"]
    holding = [
        e for e in found if isinstance(e, File) and any(s.encode() in e.data for s in secrets)
    ]
    assert [e.path for e in holding] == ["/etc/app/next/env", "/etc/app/next/release-env"]
    assert {(e.mode, e.secret) for e in holding} == {(0o600, True)}
    closed = {e.path: e.mode for e in found if isinstance(e, Directory) and "/etc/app" in e.path}
    assert set(closed.values()) == {0o700}


def test_the_identity_follows_all_that_a_slot_is_started_with() -> None:
    first = identity(files())
    assert identity(files()) == first
    for changed in (
        files(cache_ttl=301),
        files(secrets={"TOKEN": "x"}),
        files(web={"memory_max": 512}),
        files(release=Release("v1.0.0", "f" * 40, "python", frozenset(), "web: a")),
    ):
        assert identity(changed) != first
    assert identity(files(keep_releases=9, drain=3, health={"path": "/up"})) == first


def test_a_python_process_cannot_run_what_it_wrote_and_node_can() -> None:
    assert "MemoryDenyWriteExecute=yes" in text(files(), "blue/app-web-blue@.service")
    assert "MemoryDenyWriteExecute" not in text(files("node"), "blue/app-web-blue@.service")
    assert "MemoryDenyWriteExecute" not in text(files(jit=True), "blue/app-web-blue@.service")


def test_schedules_are_checked_by_the_hosts_own_systemd() -> None:
    app = settings(jobs={"a": {"schedule": "Mon..Fri 08:00", "command": "x"}})
    assert "systemd-analyze calendar 'Mon..Fri 08:00'" in checks(app, MACHINE, Release.example())
