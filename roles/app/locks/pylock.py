"""What pylock.toml says (PEP 751), as a list that pip installs; pip's own reading of it is younger
than the pip of the hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from packaging.markers import Marker
from packaging.pylock import Package, Pylock, PylockUnsupportedVersionError, PylockValidationError
from packaging.utils import canonicalize_name

from ..releases import Release
from . import pinned, pyproject
from .choice import PYLOCK
from .entries import Broken

_CHOICE = re.compile(r'"([^"]+)" (not )?in (extras|dependency_groups)')
_HASHES = ("sha256", "sha384", "sha512")


def read(release: Release, groups: Iterable[str], extras: Iterable[str]) -> str:
    """A list of requirements with hashes. Raises Broken for what is no such file, and for groups
    and extras that it does not have."""
    found = parse(release)
    chosen = {
        "extras": {str(canonicalize_name(name)) for name in extras},
        "dependency_groups": {*groups, *(found.default_groups or ())},
    }
    known = {*(found.extras or ()), *(found.dependency_groups or ()), *(found.default_groups or ())}
    if missing := {*chosen["extras"], *chosen["dependency_groups"]} - known:
        raise Broken(f"app.build.groups and extras: it has no {', '.join(sorted(missing))}")
    lines = [_line(number, one, chosen) for number, one in enumerate(found.packages, 1)]
    return "\n".join(dict.fromkeys(lines))


def parse(release: Release) -> Pylock:
    """The file. Raises Broken for what is none."""
    try:
        return Pylock.from_dict(pyproject.read(release, PYLOCK))
    except (PylockValidationError, PylockUnsupportedVersionError) as error:
        raise Broken(str(error)) from None


def _line(number: int, package: Package, chosen: Mapping[str, set[str]]) -> str:
    where = f"packages {number} ({package.name})"
    marker = _marker(where, package.marker, chosen)
    if package.directory:
        inside = package.directory.subdirectory
        path = package.directory.path
        return pinned.path(where, f"{path}/{inside}" if inside else path)
    if package.vcs:
        vcs = package.vcs
        if vcs.type != "git":
            raise Broken(f"{where}: vcs.type {vcs.type} is not git, which the hosts have")
        below = vcs.subdirectory or ""
        url = vcs.url or vcs.path or ""
        return pinned.git(where, package.name, pinned.Commit(url, vcs.commit_id, below), marker)
    if package.archive:
        archive = package.archive
        if not archive.url:
            return pinned.path(where, archive.path or "")
        hashes = _hashes(where, [archive.hashes])
        below = f"#subdirectory={archive.subdirectory}" if archive.subdirectory else ""
        return pinned.address(where, package.name, archive.url + below, marker, hashes)
    if not package.version:
        raise Broken(f"{where} has no version")
    known = [wheel.hashes for wheel in package.wheels or ()]
    known += [package.sdist.hashes] if package.sdist else []
    hashes = _hashes(where, known)
    return pinned.version(where, package.name, str(package.version), marker, hashes)


def _hashes(where: str, files: Iterable[Mapping[str, str]]) -> list[str]:
    known = [f"{name}:{file[name]}" for file in files for name in _HASHES if name in file]
    if not known:
        raise Broken(f"{where}: hashes has none that pip takes ({', '.join(_HASHES)})")
    return known


def _marker(where: str, marker: Marker | None, chosen: Mapping[str, set[str]]) -> str:
    """A marker as pip knows them: what was chosen is known here."""

    def constant(match: re.Match[str]) -> str:
        return pinned.constant((match[1] in chosen[match[3]]) != bool(match[2]))

    text = _CHOICE.sub(constant, str(marker or ""))
    if re.search(r"\b(extras|dependency_groups)\b", re.sub(r'"[^"]*"', "", text)):
        raise Broken(f"{where}: marker {str(marker)!r} is none that is known here")
    return text
