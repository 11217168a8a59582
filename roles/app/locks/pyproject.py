"""What a pyproject.toml says of its project."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from roles.core.errors import OperatorError

from ..releases import Release

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

# What a dependency may say beside its version that has it come from an index all the same.
_OF_AN_INDEX = {"version", "extras", "index", "source"}
_ELSEWHERE = {"path", "git", "url", "file"}


def read(release: Release, name: str = "pyproject.toml") -> dict[str, Any]:
    """The tables of a TOML file. Raises OperatorError for what is none."""
    return _parsed(release, name, tomllib.loads)


def json_table(release: Release, name: str) -> dict[str, Any]:
    """The values of a JSON file that is a table, likewise."""
    return _parsed(release, name, json.loads)


def _parsed(release: Release, name: str, parse: Callable[[str], Any]) -> dict[str, Any]:
    try:
        values = parse(release.text(name))
        why = "" if isinstance(values, dict) else "it is no table"
    except ValueError as error:  # numbers with thousands of digits too, which are no number here
        why = str(error)
    except RecursionError:
        why = "it is nested too deep"
    if why:
        raise OperatorError(f"{name} of {release.tag}: {why}. Nothing has been changed")
    return dict(values)


def table(values: Any, *names: str) -> dict[str, Any]:
    """A table in tables; empty where there is none."""
    for name in names:
        values = values.get(name) if isinstance(values, dict) else None
    return values if isinstance(values, dict) else {}


def texts(values: Any) -> list[str]:
    """The texts of a list; none where it is none."""
    return [v for v in values if isinstance(v, str)] if isinstance(values, list) else []


def is_package(project: dict[str, Any]) -> bool:
    """Whether the project itself is installed, as its tool would do it."""
    uv = table(project, "tool", "uv").get("package")
    poetry = table(project, "tool", "poetry").get("package-mode", True)
    pdm = table(project, "tool", "pdm").get("distribution", True)
    return bool("build-system" in project and uv is not False and poetry and pdm)


def dependencies(project: dict[str, Any]) -> list[str]:
    """What a project asks for of an index, whatever the system: requirements, or names alone where
    only Poetry reads the version."""
    poetry = table(project, "tool", "poetry")
    named = of_an_index(poetry, "dependencies")
    sources = {
        *table(project, "tool", "uv", "sources"),
        *(set(table(poetry, "dependencies")) - set(named)),
        *(name for group in table(poetry, "group").values() for name in _from_elsewhere(group)),
        str(table(project, "project").get("name", "")),  # extras of its own
    }
    elsewhere = {canonicalize_name(name) for name in sources}
    found = []
    for text in texts(table(project, "project").get("dependencies")):
        with contextlib.suppress(InvalidRequirement):  # the tool says what is wrong with it
            wanted = Requirement(text)
            if not (wanted.marker or wanted.url or canonicalize_name(wanted.name) in elsewhere):
                found.append(text)
    return [*found, *(name for name in named if name != "python")]


def of_an_index(values: Any, *names: str) -> list[str]:
    """The names in a table of dependencies that come from an index on every system: not from a
    folder, a repository or an address."""

    def plain(about: Any) -> bool:
        return isinstance(about, str) or (
            isinstance(about, dict) and "version" in about and set(about) <= _OF_AN_INDEX
        )

    return [name for name, about in table(values, *names).items() if plain(about)]


def _from_elsewhere(group: Any) -> list[str]:
    """The names in a group of Poetry's that have a folder, a repository or an address."""
    found = table(group, "dependencies").items()
    return [name for name, about in found if isinstance(about, dict) and _ELSEWHERE & set(about)]


def missing(wanted: Iterable[str], listed: Iterable[str]) -> str:
    """The first of the requirements `wanted` that a list of pinned ones has not, or in a version
    that does not fit; empty for none."""
    versions: dict[str, list[str]] = {}
    for line in listed:
        if " @ " in line:  # an address, which has no version
            continue
        name, _, rest = line.partition("==")
        version = rest.split(";")[0].split()[0]
        versions.setdefault(canonicalize_name(name.split("[")[0].strip()), []).append(version)
    for text in wanted:
        try:
            one = Requirement(text)
        except InvalidRequirement:
            return text
        found = versions.get(canonicalize_name(one.name), [])
        with contextlib.suppress(ValueError):  # a version with thousands of digits fits nothing
            if any(one.specifier.contains(version, prereleases=True) for version in found):
                continue
        return text
    return ""
