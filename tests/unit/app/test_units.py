"""Commands, variables and values on their way into systemd's files."""

from __future__ import annotations

import subprocess

import pytest
from pydantic import SecretStr

from roles.app.definition import identity
from roles.app.environment import quoted, variables
from roles.app.exec_lines import assignment, in_place, in_shell
from roles.app.files import entries
from roles.app.host.layout import Layout
from roles.app.placed import Placed
from roles.app.releases import Release
from roles.app.role import checks
from roles.core.entries import Directory, Entry, File
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import SECRET, settings

MACHINE = Machine.example()
GIVEN = {
    "environment": "production",
    "values": {
        "domain": "shop.example",
        "database.url": SecretStr("postgresql://shop:geheim-4711@127.0.0.1:6432/shop"),
        "database.direct.url": SecretStr("postgresql://shop:geheim-4711@127.0.0.1:5432/shop"),
        "redis.url": SecretStr("redis://app:geheim-4712@127.0.0.1:6379/0"),
        **{f"database.direct.{part}": "x" for part in ("host", "port", "name", "user")},
        "database.direct.password": SecretStr("geheim-4711"),
        **{f"redis.{part}": "x" for part in ("host", "port", "user", "database")},
        "redis.password": SecretStr("geheim-4712"),
    },
}


def files(kind: str = "python", release: Release | None = None, **values: object) -> list[Entry]:
    release = release or Release.example(kind)
    return entries(Placed(settings(**values), MACHINE, release), **GIVEN)  # type: ignore[arg-type]


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
    # One line, which systemd reads back as two.
    assert assignment("A", "x\nExecStart=/bin/evil") == '"A=x\\nExecStart=/bin/evil"'


def test_every_file_with_a_secret_is_closed() -> None:
    found = files(secrets={"TOKEN": "geheim-4713"}, sentry_dsn="https://geheim-4714@s.example/1")
    secrets = [SECRET, "geheim-4711", "geheim-4712", "geheim-4713", "geheim-4714"]
    holding = [
        e for e in found if isinstance(e, File) and any(s.encode() in e.data for s in secrets)
    ]
    files_of_secrets = ("env", "release-env", "operator-env")
    assert [e.path for e in holding] == [f"/etc/app/next/{name}" for name in files_of_secrets]
    assert {(e.mode, e.secret) for e in holding} == {(0o600, True)}
    closed = {e.path: e.mode for e in found if isinstance(e, Directory) and "/etc/app" in e.path}
    assert set(closed.values()) == {0o700}


def test_the_identity_follows_all_that_a_slot_is_started_with() -> None:
    first = identity(files())
    assert identity(files()) == first
    for changed in (
        files(cache_ttl_seconds=301),
        files(secrets={"TOKEN": "x"}),
        files(web={"memory_max_mb": 512}),
        files(release=Release("v1.0.0", "f" * 40, "python", frozenset({"setup.py"}), "web: a")),
    ):
        assert identity(changed) != first
    assert identity(files(keep_releases=9, drain_seconds=3, health={"path": "/up"})) == first


def test_a_python_process_cannot_run_what_it_wrote_and_node_can() -> None:
    assert "MemoryDenyWriteExecute=yes" in text(files(), "blue/app-web-blue@.service")
    assert "MemoryDenyWriteExecute" not in text(files("node"), "blue/app-web-blue@.service")
    assert "MemoryDenyWriteExecute" not in text(files(jit=True), "blue/app-web-blue@.service")


def test_REL_08_a_command_has_the_sandbox_of_a_web_process_and_its_own_limits() -> None:
    found = files("node", run={"memory_max_mb": 256, "timeout_seconds": 60})
    web, run = (text(found, f"blue/app-{name}.service") for name in ("web-blue@", "run-blue"))
    closed = web.partition("# A process that is taken over")[2]
    sockets = " /run/app/blue"
    assert run.endswith(closed.replace(sockets, ""))
    assert "MemoryMax=256M\n" in run
    assert "RuntimeMaxSec=60\n" in run
    assert "--max-old-space-size=192" in run
    assert run.index("Slice=app-run.slice") > run.index("Slice=app-blue.slice")  # the last counts


def test_SEC_08_a_slot_s_sockets_have_a_folder_of_a_size() -> None:
    mount = text(files(), "blue/run-app-blue.mount")
    assert "Where=/run/app/blue\n" in mount and "Options=size=" in mount
    assert "RequiresMountsFor=/run/app/blue\n" in text(files(), "blue/app-web-blue@.service")
    # systemd wants a mount called by its path: `systemd-escape --path`.
    assert Layout("my-shop").sockets_unit("blue") == r"run-my\x2dshop-blue.mount"


def test_REL_08_a_command_has_no_more_memory_than_the_application() -> None:
    with pytest.raises(OperatorError, match=r"app\.run\.memory_max_mb: 1000000 MiB is above"):
        files(run={"memory_max_mb": 1_000_000})


def test_schedules_are_checked_by_the_hosts_own_systemd() -> None:
    app = settings(jobs={"a": {"schedule": "Mon..Fri 08:00", "command": "x"}})
    assert "systemd-analyze calendar 'Mon..Fri 08:00'" in checks(
        Placed(app, MACHINE, Release.example())
    )
