"""Which builds of a release a host has, and from what each was made.

A release is built in a folder named by its tag; when what it is built from changes it is built
again, in a folder beside that one, which may be live.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from roles.core.host import disk

from .definition import Definition
from .layout import Layout

FILE = "built.json"
# A Python of its own is in `runtime`; where it was fetched from makes no difference.
_NOT_BUILT_FROM = ("unlocked", "timeout", "free_disk_mb", "python")
# Moments whose hooks take part in a build.
MOMENTS = ("before_build", "after_build")


@dataclass(frozen=True)
class Built:
    """A complete build: its folder's name, what it was made from, when, the digest of its tree.

    identity: of all that it was made from; inputs: a digest of each part by its name, for words;
    installed: the kept installation that it shares with releases of equal dependencies.
    """

    folder: str
    commit: str
    identity: str
    when: str
    tree: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    installed: str = ""


def inputs(build: Mapping[str, Any], hooks: Mapping[str, Any]) -> dict[str, str]:
    """A digest of each part that a build is made from, besides the files of its commit."""
    parts = {name: value for name, value in build.items() if name not in _NOT_BUILT_FROM}
    env = parts.pop("env", {})
    further = parts.pop("parts", [])
    parts = {f"app.build {name}": value for name, value in parts.items()}
    parts.update({f"the build variable {name}": value for name, value in env.items()})
    parts.update({f"app.hooks.{moment}": list(hooks.get(moment, ())) for moment in MOMENTS})
    parts.update({f"app.builds.{part['name']}": _lasting(part) for part in further})
    return {name: _digest(value) for name, value in parts.items() if value}


def _lasting(part: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: v for name, v in part["build"].items() if name not in _NOT_BUILT_FROM}
    return {**part, "build": made}


def identity(build: Mapping[str, Any], hooks: Mapping[str, Any]) -> str:
    """What tells two ways to build the same files apart."""
    return identity_of(inputs(build, hooks))


def identity_of(parts: Mapping[str, str]) -> str:
    """`identity` of what `inputs` gave."""
    return _digest(parts)


def again(layout: Layout, tag: str, commit: str, now: Mapping[str, str]) -> str:
    """Why a commit that was built is built again; empty for one that was not, or is there."""
    earlier = read(layout, tag)
    if not earlier or earlier[-1].commit != commit or find(layout, tag, commit, identity_of(now)):
        return ""
    if parts := changed(earlier[-1].inputs, now):
        return f"{', '.join(parts)} changed"
    wrong = damage(layout, tag, earlier[-1])
    return f"its folder is not as it was built: {wrong}" if wrong else "its files are gone"


def of(definition: Definition) -> str:
    """`identity` of what a definition is built from."""
    return identity(definition.build, definition.hooks)


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Names of the parts that differ, sorted."""
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))


def read(layout: Layout, tag: str) -> list[Built]:
    """The builds of a tag, the latest last; none of those that an earlier version of the toolkit
    made, whose dependencies other builds could write to."""
    rows = disk.read_json(layout.facts(tag) / FILE).get("builds", [])
    return [Built(**row) for row in rows]


def every(layout: Layout) -> dict[str, list[Built]]:
    """The builds of each tag that has one."""
    tags = sorted(path.parent.name for path in (layout.etc / "releases").glob(f"*/{FILE}"))
    return {tag: builds for tag in tags if (builds := read(layout, tag))}


def write(layout: Layout, tag: str, builds: list[Built]) -> None:
    """Note the builds of a tag."""
    disk.write_json(layout.facts(tag) / FILE, {"builds": [asdict(build) for build in builds]})


def find(layout: Layout, tag: str, commit: str, made: str) -> Built | None:
    """The build of this very commit that was made from `made`, if it is there and nothing is known
    to be wrong with it."""
    for build in reversed(read(layout, tag)):
        same = (build.commit, build.identity) == (commit, made)
        if same and folder_of(layout, build).is_dir() and not damage(layout, tag, build):
            return build
    return None


def damage(layout: Layout, tag: str, build: Built) -> str:
    """What a look at a build has found to be wrong with it; empty for nothing."""
    try:
        return _damage_file(layout, tag, build).read_text()
    except OSError:
        return ""


def note_damage(layout: Layout, tag: str, build: Built, wrong: str) -> None:
    """Note what is wrong with a build; empty: nothing is."""
    file = _damage_file(layout, tag, build)
    if wrong:
        disk.write(file, wrong.encode(errors="replace"), 0o600)
    else:
        file.unlink(missing_ok=True)


def _damage_file(layout: Layout, tag: str, build: Built) -> Path:
    return layout.facts(tag) / f"damage-{build.folder}"


def folder(layout: Layout, definition: Definition) -> Path:
    """Where the release of a definition is built; a folder that is not there when it is not."""
    found = find(layout, definition.tag, definition.commit, of(definition))
    return folder_of(layout, found) if found else layout.release(f"{definition.tag}~")


def folder_of(layout: Layout, build: Built) -> Path:
    """The folder of a build."""
    return layout.releases / build.folder


def free_name(taken: set[str], tag: str) -> str:
    """A name for a build of `tag` that none of the folders `taken` has."""
    # No tag holds a tilde: git refuses it.
    names = [tag, *(f"{tag}~{number}" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
