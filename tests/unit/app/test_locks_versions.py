"""The runtime that a repository asks for, and the one that it gets."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from roles.app.locks import node_versions, versions
from roles.app.releases import Release
from roles.app.settings import Build
from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .conftest import settings

RANGES = (
    ">=20", ">= 20", "^22", "^22.20.1", "22.x", "22", "20", "20.x || 22.x", ">=18 <22", "~22.20",
    "~22.19", "*", "", "<=22", ">22", "22.20.0", "=22.20.0", "v22", "v22.20.0", ">=v18", "18 - 22",
    "18 - 20", "18.0.0 - 22.20.0", ">=16.0.0 <17.0.0 || >=20", ">=16||>=18", "^18.17.0 || >=20.5.0",
    "^20.9.0 || >=22.0.0", "^18.18.0 || ^20.9.0 || >=21.1.0", ">=10.13", ">=22.12", "22.X", "22.*",
    "~22", ">=14.0.0,<23", "x", ">18.0", "<23.0.0", ">= 18 < 23", "^ 22", "~ 22.1", "=22",
    "22.20.x", "22.19.x", ">=22.20.0 <22.21", "^22.20", "^0.22", "<=22.20", "<=22.19", "~>22",
    ">=22.21 || <20", "^22.0.0-0", ">=23.0.0-0", "22 || 24", "20 ||22", " >=20 ", "<22.20.0",
    ">22.19", ">=18.x", "^22.x", "~22.x", "!=22", ">=22.0.0-rc.1", "20.19.0 - 23", "^20 || ^22",
    "^20.19.0 || ^22.13.0 || >=24", "22.20", "22.2",
)  # fmt: skip
ASK = (
    "const [where, version, ranges] = process.argv.slice(1);"
    "const found = JSON.parse(ranges).map((r) => require(where).satisfies(version, r));"
    "console.log(JSON.stringify(found))"
)
NPM = ("/usr/share/nodejs/semver", "/usr/lib/node_modules/npm/node_modules/semver")


@pytest.mark.parametrize("version", ["22.20.0", "20.18.0", "24.19.0", "18.19.1"])
def test_REL_06_ranges_are_read_as_npm_reads_them(version: str) -> None:
    where = next((path for path in NPM if Path(path).is_dir()), "")
    if not (where and shutil.which("node")):
        pytest.skip("needs npm's own semver")
    done = subprocess.run(
        ["node", "-e", ASK, where, version, json.dumps(RANGES)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    theirs = dict(zip(RANGES, json.loads(done.stdout), strict=True))
    assert {wanted: node_versions.fits(version, wanted) for wanted in RANGES} == theirs


def refused(act: Callable[[], None]) -> str:
    try:
        act()
    except OperatorError as error:
        return str(error)
    return ""


def node(package: dict | None = None, ignore: tuple[str, ...] = (), **texts: str) -> str:
    known = replace(
        Release.example("node"),
        package=json.dumps(package or {}),
        texts={name.replace("_", ".", 1).replace("_", "-"): text for name, text in texts.items()},
    )
    app = settings(build={"ignore": ignore})
    return refused(lambda: node_versions.require_node(app, known, Machine.example()))


def test_REL_06_a_version_of_node_that_fits_is_named() -> None:
    said = node({"engines": {"node": "^20.9"}})
    assert "asks for Node.js ^20.9 (engines), and app.node.version is 24.22.3" in said
    assert 'set app.node.version = "20.20.2"' in said
    assert 'or where 24.22.3 does as well app.build.ignore = ["engines"]' in said
    assert node({"engines": {"node": "^20.9"}}, ignore=("engines",)) == ""
    assert 'app.node.version = "22.23.5"' in node(_nvmrc="v22\n")
    assert 'app.node.version = "20.20.2"' in node(_nvmrc="lts/iron")
    assert "app.node.version to one that fits" in node(_node_version="21.7.1\n")
    assert "lts/rosetta" in node(_nvmrc="lts/rosetta")
    assert {
        node(_nvmrc=text) for text in ("24", "v24.22.3 # ours", "lts/*", "lts/krypton", "")
    } == {""}
    assert node({"engines": {"npm": ">=8"}}) == node({"engines": []}) == ""


def test_REL_06_the_system_s_own_node_is_known_too() -> None:
    known = replace(Release.example("node"), package='{"engines": {"node": ">=18.18"}}')
    app = settings(node={"source": "distribution"})
    old = refused(lambda: node_versions.require_node(app, known, Machine.example("jammy")))
    assert "and jammy has 12.22.9" in old
    assert not refused(lambda: node_versions.require_node(app, known, Machine.example("noble")))


def python(name: str, text: str, ignore: tuple[str, ...] = (), suite: str = "jammy") -> str:
    known = replace(Release.example(), texts={name: text})
    build = Build(ignore=ignore)
    return refused(lambda: versions.require_python(build, known, Machine.example(suite)))


def test_REL_06_a_host_with_the_python_that_is_asked_for_is_named() -> None:
    said = python(".python-version", "# ours\n3.12.4\n3.11\n")
    assert (
        "asks for Python 3.12.4 (.python-version), and jammy has 3.10: set app.python.version"
        in said
    )
    assert 'set app.build.ignore = [".python-version"]' in said
    assert python(".python-version", "3.12.4", suite="noble") == ""
    assert python(".python-version", "3.12", ignore=(".python-version",)) == ""
    for text in ("3.10", "3.10.4", "3", "cpython-3.10.1", ">=3.9", "system", "", "3.10\n3.12"):
        assert python(".python-version", text) == "", text
    for text in ("3.1", "3.11", "pypy3.10", "my-environment"):
        assert text in python(".python-version", text)


@pytest.mark.parametrize(
    ("wanted", "good"),
    [
        (">=3.9,<4", True), (">=3.10.2", True), (">=3.11", False), ("~=3.10", True),
        ("~=3.9.0", False), ("==3.10.*", True), ("!=3.10.*", False), (">3.10", True),
        ("^3.10", True), ("^3.9", True), ("^3.11", False), ("~3.10", True), ("~3.9", False),
        (">=3.8,!=3.9.7", True), ("<3.10", False),
    ],
)  # fmt: skip
def test_REL_06_requires_python_is_read_as_pip_and_poetry_do(wanted: str, good: bool) -> None:
    poetry = f'[tool.poetry.dependencies]\npython = "{wanted}"\n'
    pep621 = f'[project]\nrequires-python = "{wanted}"\n'
    for text in [poetry] if wanted[0] in "^" or wanted[:2] in ("~3",) else [poetry, pep621]:
        said = python("pyproject.toml", text)
        assert (said == "") == good, said
        assert good or 'app.build.ignore = ["requires-python"]' in said
    assert "3.12 (requires-python)" in python("Pipfile", '[requires]\npython_version = "3.12"\n')


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("environments = [\"python_version >= '3.12'\"]", 'for environments "python_version >='),
        ("environments = [\"sys_platform == 'win32'\"]", 'for environments "sys_platform =='),
        ("environments = [\"sys_platform == 'win32'\", \"python_version == '3.10'\"]", ""),
        ("environments = [\"python_full_version > '3.10.4'\"]", ""),
        ('environments = ["nothing"]', "for environments 'nothing'"),
        ('requires-python = ">=3.12"', "asks for Python >=3.12 (requires-python)"),
        ("", ""),
    ],
)
def test_REL_06_a_lock_file_for_other_systems_is_refused(text: str, refused: str) -> None:
    known = replace(
        Release.example(), files=frozenset({"pylock.toml"}), texts={"pylock.toml": text}
    )
    said = refused_by(known)
    assert refused in said and bool(said) == bool(refused)


def refused_by(known: Release) -> str:
    return refused(lambda: versions.require_python(Build(), known, Machine.example("jammy")))
