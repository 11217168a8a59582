"""readyhost ENV ready and its like are pyinfra's own commands, with nothing in between."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from readyhost import command, hosts, runs

HOSTS = tuple(
    hosts.Host(name, address, "root", 22, "", "/known")
    for name, address in (("a", "203.0.113.7"), ("b", "203.0.113.8"))
)


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    found: list[list[str]] = []

    def execv(program: str, words: list[str]) -> None:
        assert (program, Path.cwd()) == (words[0], hosts.ROOT)
        found.append([Path(program).name, *words[1:]])
        raise SystemExit(2)  # of pyinfra's own

    def read(*_: Any) -> hosts.Environment:
        return hosts.Environment(("shop",), HOSTS)

    monkeypatch.chdir("/")
    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setattr(hosts, "read", read)
    return found


@pytest.mark.parametrize("program", runs.COMMANDS)
def test_each_is_a_program_of_this_checkout(became: list[list[str]], program: str) -> None:
    assert (hosts.ROOT / f"{program}.py").is_file()
    with pytest.raises(SystemExit, match="2"):
        command.main(["prod", program])
    assert became == [["pyinfra", "inventories/prod.py", f"{program}.py"]]


def test_one_host_and_pyinfras_own_options(became: list[list[str]]) -> None:
    with pytest.raises(SystemExit):
        command.main(
            ["prod", "rollback", "--host", "203.0.113.8", "--", "-y", "--data", "tag=v1.0.0"]
        )
    expected = "pyinfra --limit b inventories/prod.py rollback.py -y --data tag=v1.0.0"
    assert became == [expected.split()]


def test_no_such_environment_is_no_false_line_of_a_report() -> None:
    assert command.main(["nowhere", "ready"]) == 1
    assert command.main(["nowhere", "deploy"]) == 2
