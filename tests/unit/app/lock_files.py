"""Small lock files of each tool, with the file that each was made from."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from roles.app.locks import pyproject, python, stale
from roles.app.releases import Release
from roles.app.settings import Build
from roles.core.errors import OperatorError

HASH = f"sha256:{'0' * 64}"
COMMIT = "0123456789abcdef" * 2 + "01234567"
INDEX = 'registry = "https://index.test/simple"'


def wheel(name: str, version: str) -> str:
    url = f"https://index.test/{name}-{version}-py3-none-any.whl"
    return f"""
[[package]]
name = "{name}"
version = "{version}"
source = {{ {INDEX} }}
wheels = [{{ url = "{url}", hash = "{HASH}", size = 1 }}]
"""


UV = f"""version = 1
revision = 3
requires-python = ">=3.10"
{wheel("idna", "3.6")}{wheel("six", "1.17.0")}{wheel("iniconfig", "2.0.0")}
[[package]]
name = "lib"
version = "1"
source = {{ editable = "packages/lib" }}
dependencies = [{{ name = "six" }}]

[[package]]
name = "shop"
version = "0.1.0"
source = {{ SOURCE = "." }}
dependencies = [{{ name = "idna" }}, {{ name = "lib" }}]

[package.dev-dependencies]
dev = [{{ name = "iniconfig" }}]
jobs = [{{ name = "iniconfig" }}]

[package.metadata]
requires-dist = [
    {{ name = "idna", specifier = ">=3" }},
    {{ name = "lib", editable = "packages/lib" }},
]
"""
PROJECT = """
[project]
name = "shop"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["idna>=3", "lib"]
[tool.uv.sources]
lib = { workspace = true }
[tool.uv.workspace]
members = ["packages/*"]
"""
SYSTEM = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
PLAIN = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["idna>=1"]\n'


def uv(source: str = "editable", project: str = PROJECT + SYSTEM) -> dict[str, str]:
    return {"uv.lock": UV.replace("SOURCE", source), "pyproject.toml": project}


def _toml(main: str, marker: str, metadata: str) -> str:
    def package(name: str, groups: str, more: str = "") -> str:
        files = f'files = [{{file = "{name}.whl", hash = "{HASH}"}}]'
        head = f'[[package]]\nname = "{name}"\nversion = "1.5"\ngroups = [{groups}]'
        return f"\n{head}\n{files}\n{more}\n"

    return (
        package("idna", f'"{main}", "dev"')
        + package("colorama", f'"{main}"', f"{marker} = \"sys_platform == 'win32'\"")
        + package("six", '"jobs"')
        + package("iniconfig", '"dev"')
        + metadata
    )


STAMP = "DIGEST"
"""Stands in a lock file for the digest of what it was made from."""
POETRY = _toml("main", "markers", f'[metadata]\nlock-version = "2.1"\ncontent-hash = "{STAMP}"\n')
PDM = _toml(
    "default",
    "marker",
    '[metadata]\nstrategy = ["inherit_metadata"]\ngroups = ["default", "dev", "jobs", "pg"]\n'
    f'content_hash = "{STAMP}"\n',
)
PIPENV = json.dumps(
    {
        "_meta": {"hash": {"sha256": STAMP}, "sources": []},
        "default": {
            "idna": {"version": "==1.5", "hashes": [HASH]},
            "colorama": {
                "version": "==1.5",
                "markers": "sys_platform == 'win32'",
                "hashes": [HASH],
            },
        },
        "jobs": {"six": {"version": "==1.5", "hashes": [HASH]}},
        "develop": {"iniconfig": {"version": "==1.5", "hashes": [HASH]}},
    }
)
PYLOCK = f"""
lock-version = "1.0"
created-by = "somebody"
requires-python = ">=3.10"
environments = ["sys_platform == 'linux'"]
extras = ["pg"]
dependency-groups = ["default", "jobs"]
default-groups = ["default"]
[[packages]]
name = "idna"
version = "1.5"
index = "https://elsewhere.test/simple"
wheels = [{{ url = "https://elsewhere.test/idna-1.5-py3-none-any.whl", hashes = HASHES }}]
marker = "'default' in dependency_groups"
[[packages]]
name = "colorama"
version = "1.5"
sdist = {{ name = "colorama-1.5.tar.gz", path = "x/colorama-1.5.tar.gz", hashes = HASHES }}
marker = "sys_platform == 'win32' and 'default' in dependency_groups"
[[packages]]
name = "psycopg"
version = "3"
wheels = [{{ name = "psycopg-3-py3-none-any.whl", path = "psycopg.whl", hashes = HASHES }}]
marker = "'pg' in extras"
[[packages]]
name = "six"
archive = {{ url = "https://a.test/six.tar.gz", hashes = HASHES }}
marker = "'jobs' in dependency_groups"
[[packages]]
name = "own"
vcs = {{ type = "git", url = "https://git.test/own", commit-id = "{COMMIT}", subdirectory = "py" }}
[[packages]]
name = "lib"
directory = {{ path = "libs/lib", editable = true }}
""".replace("HASHES", f'{{ sha256 = "{"0" * 64}" }}')
OTHERS = {
    "poetry.lock": {"poetry.lock": POETRY, "pyproject.toml": PLAIN + SYSTEM},
    "pdm.lock": {"pdm.lock": PDM, "pyproject.toml": PLAIN + SYSTEM},
    "Pipfile.lock": {"Pipfile.lock": PIPENV, "Pipfile": '[packages]\nidna = "*"\n'},
}


def release(texts: Mapping[str, str]) -> Release:
    known = replace(Release.example(), files=frozenset(texts), texts=texts)
    stamps = {
        "poetry.lock": lambda: stale.poetry(pyproject.read(known))[0],
        "pdm.lock": lambda: stale.pdm(pyproject.read(known))[0],
        "Pipfile.lock": lambda: stale.pipenv(pyproject.read(known, "Pipfile"), []),
    }
    stamped = {
        name: text.replace(STAMP, stamps[name]()) if STAMP in text and name in stamps else text
        for name, text in texts.items()
    }
    return replace(known, texts=stamped)


def locked(texts: Mapping[str, str], **settings: Any) -> dict[str, Any]:
    return python.dependencies(Build(**settings), release(texts))[0]


def refusal(texts: Mapping[str, str], **settings: Any) -> str:
    with pytest.raises(OperatorError) as error:
        locked(texts, **settings)
    assert str(error.value).endswith("Nothing has been changed")
    return str(error.value)


def names(made: Mapping[str, Any]) -> list[str]:
    return [re.split(r"==| @ ", line)[0] for line in made["list"]]
