"""Everybody runs the same versions, whatever registry they come from."""

import re
import subprocess
from importlib.metadata import distributions, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
PIN = re.compile(r"([a-z0-9-]+)==([0-9][0-9a-z.]*)")
ADDRESS = re.compile(
    rb"(https?|git|ssh)://[^\s\"'<>]*"
    rb"(pypi|pythonhosted|npmjs|yarnpkg|artifact|deb\.debian|security\.debian"
    rb"|archive\.ubuntu|security\.ubuntu)"
)


def pins(file: str = "constraints.txt") -> dict[str, str]:
    """The versions for this machine."""
    lines = (ROOT / file).read_text().replace(" \\\n", "\n").splitlines()
    wanted = [Requirement(line) for line in lines if line and line[0].isalpha()]
    mine = [each for each in wanted if each.marker is None or each.marker.evaluate()]
    found = {each.name: PIN.fullmatch(f"{each.name}{each.specifier}") for each in mine}
    assert all(found.values()) and len(found) == len(mine), found
    return {pin[1]: pin[2] for pin in found.values() if pin}


def test_everything_installed_is_pinned_and_has_that_version() -> None:
    installed = {
        re.sub(r"[-_.]+", "-", package.name).lower(): package.version for package in distributions()
    }
    del installed["readyhost"]
    assert installed.items() <= pins().items()


def test_SEC_05_what_is_asked_for_is_locked_with_all_it_needs() -> None:
    """`make venv` takes what is in the lock and looks for nothing else."""
    locked = pins("dev.lock")
    assert locked.items() <= pins().items()
    assert {"pip", "setuptools"} <= set(locked)
    for each in requires("readyhost") or []:
        wanted = Requirement(each)
        if wanted.marker is None or wanted.marker.evaluate({"extra": "dev"}):
            assert canonicalize_name(wanted.name) in locked, f"{wanted}: run make locks"
            assert wanted.specifier.contains(locked[canonicalize_name(wanted.name)])


def test_every_version_runs_on_the_oldest_python() -> None:
    """Whatever Python installed them here: Ubuntu 22.04 has 3.10."""
    said = re.search(r'requires-python = ">=(.*)"', (ROOT / "pyproject.toml").read_text())
    assert said
    oldest = said[1]
    needs = {p.name: p.metadata["Requires-Python"] or "" for p in distributions()}
    assert {n: need for n, need in needs.items() if oldest not in SpecifierSet(need)} == {}


def test_every_dependency_says_what_it_is_for() -> None:
    lines = (ROOT / "pyproject.toml").read_text().split("[tool.")[0].splitlines()
    wanted = [line for line in lines if re.match(r'    "[a-z][a-z0-9-]+[\[<>=;"]', line)]
    assert len(wanted) > 15
    assert [line for line in wanted if "# " not in line] == []


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


@pytest.mark.parametrize(
    "text", [b"http://deb.debian.org/debian", b"see https://files.pythonhosted.org/x.whl"]
)
def test_an_address_of_a_registry_would_be_found(text: bytes) -> None:
    assert ADDRESS.search(text)


def test_no_file_has_the_address_of_a_registry() -> None:
    files = [file for file in tracked() if file.is_file() and file != Path(__file__)]
    assert len(files) > 100
    assert [str(file) for file in files if ADDRESS.search(file.read_bytes())] == []


def test_no_secrets_are_committed() -> None:
    assert [file for file in tracked() if file.suffix == ".env"] == []
