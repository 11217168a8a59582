"""The examples can be installed on every host that readyhost knows, whatever registry it uses."""

import ast
import json
import re
from pathlib import Path

import pytest

from roles.app import procfile

EXAMPLES = Path(__file__).parents[3] / "examples"
FASTAPI, EXPRESS = EXAMPLES / "fastapi", EXAMPLES / "express"
PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; .+)?")


def test_every_python_dependency_is_pinned_and_none_names_a_registry() -> None:
    lines = (FASTAPI / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not PIN.fullmatch(line)] == []


def test_every_direct_python_dependency_is_among_the_pins() -> None:
    pinned = {
        line.split("==")[0] for line in (FASTAPI / "requirements.txt").read_text().split("\n")
    }
    wanted = re.findall(r"^([a-z0-9-]+)", (FASTAPI / "requirements.in").read_text(), re.MULTILINE)
    assert wanted
    assert set(wanted) <= pinned


@pytest.mark.parametrize("path", sorted(FASTAPI.glob("[at]*/*.py")), ids=lambda path: path.name)
def test_python_3_9_can_read_it(path: Path) -> None:
    ast.parse(path.read_text(), feature_version=(3, 9))


def test_the_node_lock_file_is_current_and_names_no_registry() -> None:
    lock = json.loads((EXPRESS / "package-lock.json").read_text())["packages"]
    package = json.loads((EXPRESS / "package.json").read_text())
    assert lock[""]["dependencies"] == package["dependencies"]
    assert [name for name, entry in lock.items() if "resolved" in entry] == []
    assert [name for name, entry in lock.items() if name and "integrity" not in entry] == []


@pytest.mark.parametrize(("example", "kind"), [(FASTAPI, "python"), (EXPRESS, "node")])
def test_the_app_role_finds_its_kind_and_its_processes(example: Path, kind: str) -> None:
    assert procfile.kind({path.name for path in example.iterdir()}) == kind
    commands = procfile.parse((example / "Procfile").read_text())
    assert set(commands) == {"web", "worker", "release"}
    for path in re.findall(r"\S+\.js", " ".join(commands.values())):
        assert (example / path).is_file()
    for module in re.findall(r"-m (\S+)", " ".join(commands.values())):
        found = example.joinpath(*module.split("."))
        assert found.with_suffix(".py").is_file() or (found / "__main__.py").is_file()


def test_both_examples_have_the_same_tables_and_stylesheet() -> None:
    def migrations(example: Path) -> dict[str, str]:
        return {path.name: path.read_text() for path in (example / "migrations").iterdir()}

    assert migrations(FASTAPI) == migrations(EXPRESS)
    style = (FASTAPI / "static/style.css").read_text()
    assert style == (EXPRESS / "assets/style.css").read_text()
