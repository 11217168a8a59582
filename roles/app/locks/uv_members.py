"""Whether uv.lock is older than the pyproject.toml of its project, or of a member of the workspace.

uv.lock has the requirements that it was made from. uv compares them itself (`uv lock --check`), but
needs a network for what is no index's; here nothing is resolved.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from ..releases import Release
from . import pyproject
from .pyproject import table, texts

_LOCAL = ("editable", "virtual", "directory")
# Name, extras and versions: what is from elsewhere has any.
Wanted = tuple[str, frozenset[str], "SpecifierSet | None"]


def stale(release: Release, lock: Mapping[str, Any]) -> str:
    """The first pyproject.toml that asks for something else than `lock` was made from; empty for
    none. Members that the release does not have are not looked at."""
    packages = lock.get("package")
    for package in packages if isinstance(packages, list) else []:
        source = table(package, "source")
        folder = next((str(source[key]) for key in _LOCAL if key in source), None)
        if folder is None:
            continue
        name = posixpath.normpath(f"{folder}/pyproject.toml")
        if release.text(name) and _differs(pyproject.read(release, name), package):
            return name
    return ""


def _differs(project: Mapping[str, Any], package: Mapping[str, Any]) -> bool:
    about, own = table(package, "metadata"), table(project, "project")
    pairs = []
    if not {"dependencies", "optional-dependencies"} & set(texts(own.get("dynamic"))):
        optional = table(own, "optional-dependencies").values()
        listed = [*texts(own.get("dependencies")), *(t for extra in optional for t in texts(extra))]
        pairs.append((listed, about.get("requires-dist")))
    for group, listed in table(project, "dependency-groups").items():
        if isinstance(listed, list) and listed == texts(listed):  # includes no other group
            pairs.append((listed, _group(about, group)))
    sources = {str(canonicalize_name(name)) for name in table(project, "tool", "uv", "sources")}
    name = canonicalize_name(str(package.get("name", "")))
    return any(
        set(_asked(listed, sources, name)) != set(_locked(locked, sources, name))
        for listed, locked in pairs
    )


def _group(about: Mapping[str, Any], name: str) -> Any:
    groups = table(about, "requires-dev")
    same = (v for k, v in groups.items() if canonicalize_name(k) == canonicalize_name(name))
    return next(same, [])


def _asked(listed: list[str], sources: set[str], own: str) -> Iterator[Wanted]:
    for text in listed:
        try:
            one = Requirement(text)
        except InvalidRequirement:
            continue  # uv says what is wrong with it
        name = canonicalize_name(one.name)
        if name != own:  # extras of its own, which uv spells out
            elsewhere = one.url or name in sources
            extras = frozenset(map(canonicalize_name, one.extras))
            yield name, extras, None if elsewhere else one.specifier


def _locked(listed: Any, sources: set[str], own: str) -> Iterator[Wanted]:
    for one in listed if isinstance(listed, list) else []:
        name = canonicalize_name(str(table(one).get("name", "")))
        if name == own:
            continue
        elsewhere = name in sources or set(table(one)) & {*_LOCAL, "url", "git", "path"}
        extras = frozenset(map(canonicalize_name, texts(table(one).get("extras"))))
        try:
            yield name, extras, None if elsewhere else SpecifierSet(str(one.get("specifier", "")))
        except InvalidSpecifier:
            yield name, extras, None
