"""The Node.js that a repository asks for, and the one that the settings give it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from roles.core.errors import OperatorError
from roles.core.machine import Machine

from ..host import node_lock
from ..releases import Release
from ..settings import App, Node
from . import package

# What the systems themselves have (packages.debian.org, packages.ubuntu.com).
DISTRIBUTION = {"jammy": "12.22.9", "noble": "18.19.1", "bookworm": "18.20.4", "trixie": "20.19.2"}
LONGEST = 200  # characters of a range: what reads more of them takes hours for a file of blanks
# Names of lines in an .nvmrc (nodejs/Release).
LINES = {"hydrogen": "18", "iron": "20", "jod": "22", "krypton": "24"}


def require_node(settings: App, release: Release, machine: Machine) -> None:
    """Raise OperatorError when the repository asks for another Node.js than it gets."""
    pinned = settings.node.source == "registry"
    here = settings.node.version if pinned else DISTRIBUTION[machine.codename]
    against = [
        (where, wanted)
        for where, wanted in _wanted(release)
        if where not in settings.build.ignore and not fits(here, wanted)
    ]
    if against:
        both = [place for place, _ in against]
        known = node_lock.newest(machine.architecture)
        other = next((v for v in known if all(fits(v, each) for _, each in against)), "")
        said = ", ".join(f"{each} ({place})" for place, each in against)
        given = f"app.node.version is {here}" if pinned else f"{machine.codename} has {here}"
        raise OperatorError(
            f"{release.tag} asks for Node.js {said}, and {given}: set "
            + (f'app.node.version = "{other}"' if other else "app.node.version to one that fits")
            + f", or where {here} does as well app.build.ignore = {json.dumps(both)}."
            " Nothing has been changed"
        )


def require_package(settings: Node, machine: Machine) -> None:
    """Raise OperatorError for a version that the registry is known to have for the other processor
    alone: it would be missed in the middle of a release."""
    arm, version = machine.architecture, settings.version
    known = node_lock.KNOWN["node"].get(version)
    found = node_lock.lock(version, settings.integrity or "", arm)
    if known is None or found.integrity:
        return
    line = version.partition(".")[0]
    fitting = [v for v in node_lock.newest(arm) if v.partition(".")[0] == line]
    other = (fitting or node_lock.newest(arm))[0]
    raise OperatorError(
        f"app.node.version is {version}, which npm's registry did not have for {arm}: set it to"
        f' "{other}", or where it has one now app.node.integrity to its digest'
        f" (npm view {found.name}@{version} dist.integrity). Nothing has been changed"
    )


def require_manager(name: str, version: str, release: Release) -> None:
    """Raise OperatorError when engines asks for another version of the package manager `name` than
    the one that installs; empty: that of Node.js, which is not known here."""
    wanted = package.engine(release, name)
    if wanted and version and not fits(version, wanted):
        raise OperatorError(
            f"{release.tag} asks for {name} {wanted} (engines), and {version} would install: name a"
            f' fitting one in package.json, such as "packageManager": "{name}@VERSION", or where'
            f' {version} does as well set app.build.ignore = ["engines"]. Nothing has been changed'
        )


def fits(version: str, wanted: str) -> bool:
    """Whether a version is in a range as npm writes it, or of the line that nvm calls so. What is
    neither fits nothing.

    >>> fits("22.20.0", ">= 18 < 21 || ^22.1"), fits("22.20.0", "lts/jod"), fits("22.20.0", "v20")
    (True, True, False)
    """
    text = LINES.get(wanted.lower().removeprefix("lts/"), wanted.lower())
    if text in ("", "*", "node", "latest", "stable", "current", "lts/*", "--lts"):
        return True
    if len(text) > LONGEST:
        return False
    # Between a sign and its number npm takes spaces, and about a bar none.
    text = re.sub(r"([<>=~^]+)\s+", r"\1", text.replace("~>", "~"))
    text = re.sub(r"\s*\|\|\s*", "||", text).strip()
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"(?<![\w.-])v(?=\d)", "", text)
    # Here and not above: each start reads all that is above, also for a release without Node.js.
    from semantic_version import NpmSpec, Version

    try:
        return bool(Version(version) in NpmSpec(text))
    except ValueError:
        return False


def _wanted(release: Release) -> Iterator[tuple[str, str]]:
    for name in (".nvmrc", ".node-version"):
        lines = [line.split("#")[0].strip() for line in release.text(name).splitlines()]
        if first := next((line for line in lines if line), ""):
            yield name, first[: 2 * LONGEST]
    if wanted := package.engine(release, "node"):
        yield "engines", " ".join(wanted[: 2 * LONGEST].split())
