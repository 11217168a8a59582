"""Whether a lock file is older than the file that it was made from.

Each tool notes what it has locked: most a digest of it, uv the requirements themselves. A tool that
is told to obey (`--locked`, `--deploy`) compares them, and so does this; it asks nobody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from ..releases import Release
from . import pyproject, uv_members
from .pyproject import table

# poetry.packages.locker.Locker
_POETRY = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT = ("requires-python", "dependencies", "optional-dependencies")
# plette.pipfiles.Pipfile: what is no group of packages of its own
_NO_GROUP = {"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"}
_NO_GROUP |= {"default", "develop"}


def where(release: Release, lock: str) -> str:
    """The file that a lock file was not made from as it is; empty where it was, or where its form
    does not say."""
    if lock == "Pipfile.lock":
        about = table(pyproject.json_table(release, lock), "_meta")
        made = pipenv(pyproject.read(release, "Pipfile"), about.get("sources"))
        return "" if table(about, "hash").get("sha256") == made else "Pipfile"
    found = pyproject.read(release, lock)
    if lock == "uv.lock":
        return uv_members.stale(release, found)
    about, project = table(found, "metadata"), pyproject.read(release)
    fresh = True
    if lock == "poetry.lock":
        fresh = about.get("content-hash") in poetry(project)
    if lock == "pdm.lock":
        fresh = about.get("content_hash") in pdm(project)
    return "" if fresh else "pyproject.toml"


def poetry(project: Mapping[str, Any]) -> list[str]:
    """Poetry's content-hash: since 2.3 with [dependency-groups], until then without."""
    return [_digest(_poetry(project, with_groups)) for with_groups in (True, False)]


def pdm(project: Mapping[str, Any]) -> list[str]:
    """PDM's content_hash: as later versions make it, and as 2.11 to 2.15 do."""
    return [f"sha256:{_digest(content)}" for content in _pdm(project)]


def pipenv(pipfile: Mapping[str, Any], sources: Any) -> str:
    """Pipenv's hash of a Pipfile. sources: those of the lock file, for a Pipfile that has none."""
    content = {
        "_meta": {
            "sources": pipfile.get("source", sources),
            "requires": pipfile.get("requires", {}),
        },
        "default": pipfile.get("packages", {}),
        "develop": pipfile.get("dev-packages", {}),
        **{name: values for name, values in pipfile.items() if name not in _NO_GROUP},
    }
    return _digest(content, separators=(",", ":"))


def _poetry(project: Mapping[str, Any], with_groups: bool) -> dict[str, Any]:
    own = table(project, "project")
    found = {key: own[key] for key in _PROJECT if own.get(key) is not None}
    groups = table(project, "dependency-groups") if with_groups else {}
    said = table(project, "tool", "poetry")
    keys = [key for key in _POETRY if key in said or not (found or groups)]
    poetry = {key: said.get(key) for key in (*keys, *(["group"] if "group" in said else []))}
    whole: dict[str, Any] = {"project": found} if found else {}
    if groups:
        whole["dependency-groups"] = groups
    return {**whole, "tool": {"poetry": poetry}} if whole else poetry


def _pdm(project: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    own, said = table(project, "project"), table(project, "tool", "pdm")
    resolution = table(said, "resolution")
    common = {
        "sources": said.get("source", []),
        "dependencies": own.get("dependencies", []),
        "optional-dependencies": own.get("optional-dependencies", {}),
        "requires-python": own.get("requires-python", ""),
    }
    groups: dict[str, list[Any]] = {}
    for found in (table(project, "dependency-groups"), table(said, "dev-dependencies")):
        for name, listed in found.items():
            groups.setdefault(canonicalize_name(name), []).extend(
                listed if isinstance(listed, list) else ()
            )
    for developing in (groups, table(said, "dev-dependencies")):
        base = {**common, "dev-dependencies": developing}
        yield {**base, "resolution": resolution}
        yield {**base, "overrides": table(resolution, "overrides")}


def _digest(content: Mapping[str, Any], **how: Any) -> str:
    text = json.dumps(content, sort_keys=True, default=str, **how)
    return hashlib.sha256(text.encode()).hexdigest()
