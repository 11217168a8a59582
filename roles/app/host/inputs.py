"""The files that installed dependencies follow from, or that this cannot be known."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roles.core.host import inside

# A name with versions, extras, a marker and hashes: all of it from an index.
_NAMED = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*\s*(\[[A-Za-z0-9._,\s-]*\])?\s*"
    r"(\(?[<>=!~][^;@/\\]*\)?)?\s*(;[^@/\\]*)?(\s--hash[= ]\S+)*"
)
_OPTION = re.compile(
    r"(-i|--index-url|--extra-index-url)[= ]\s*https?://\S+|--trusted-host[= ]\S+"
    r"|--(no-binary|only-binary|use-feature)[= ]\S+|--(require-hashes|prefer-binary|pre|no-index)"
)
_INCLUDE = re.compile(r"(?:-r|-c|--requirement|--constraint)[= ]?\s*(\S+)")
_NODE = ("package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc")


def files(folder: Path, product: str, listed: Sequence[str] | None = None) -> list[Path] | None:
    """The files below `folder` that decide what `product` (.venv, node_modules) holds. None where
    something else may: the release's own code, a path, an address whose content may change.

    listed: requirements with hashes that a lock file was turned into; no file decides then."""
    if (folder / product).exists() or (folder / product).is_symlink():
        return None
    if listed is not None:
        return []
    return _python(folder) if product == ".venv" else _node(folder)


def _python(folder: Path) -> list[Path] | None:
    first = folder / "requirements.txt"
    if not _is_own(folder, first):
        return None
    found, todo = [], [first]
    while todo:
        path = todo.pop()
        if path in found:
            continue
        found.append(path)
        try:
            text = inside.read(folder, path).decode(errors="replace")
        except OSError:  # another thing than it was a moment ago
            return None
        for line in requirement_lines(text):
            included = _INCLUDE.fullmatch(line)
            if included:
                todo.append(Path(os.path.normpath(path.parent / included[1])))
                if not _is_own(folder, todo[-1]):
                    return None
            elif not (_NAMED.fullmatch(line) or _OPTION.fullmatch(line)):
                return None
    return sorted(found)


def requirement_lines(text: str) -> list[str]:
    """Lines of a requirements file as pip reads them: joined, without comments and blanks."""
    joined = re.sub(r"\\\r?\n", " ", text)
    lines = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in joined.splitlines())
    return [re.sub(r"\s+", " ", line) for line in lines if line]


def _node(folder: Path) -> list[Path] | None:
    found = [folder / name for name in _NODE if (folder / name).exists()]
    if not all(_is_own(folder, path) for path in found):
        return None
    try:
        package = json.loads(inside.read(folder, folder / "package.json"))
        locks = [json.loads(inside.read(folder, p)) for p in found if p.name in _NODE[1:3]]
    except (OSError, ValueError, RecursionError):
        return None
    if not locks or "workspaces" in package or any(map(_is_local, locks)):
        return None
    return found


def _is_local(lock: Any) -> bool:
    """Whether a lock file names packages of the repository, or has no digest of one."""
    packages = lock.get("packages") if isinstance(lock, dict) else None
    if not isinstance(packages, dict) or not all(isinstance(p, dict) for p in packages.values()):
        return True  # of npm 6, or broken
    return any(
        name
        and (not name.startswith("node_modules/") or not about.get("integrity"))
        and not about.get("inBundle")
        for name, about in packages.items()
    )


def _is_own(folder: Path, path: Path) -> bool:
    """Whether `path` is a file inside of `folder`, on its way without links."""
    where = os.path.relpath(path, folder)
    within = not where.startswith("../")
    return within and path.is_file() and path.resolve() == folder.resolve() / where
