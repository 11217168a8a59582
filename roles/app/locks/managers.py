"""The package managers of Node.js: which version of which, with its digest, and how to get it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from roles.core.errors import OperatorError

from ..releases import Release
from . import choice, package, pins
from .pins import BUN, YARN

# Where it is put, in the build's own home.
PLACE = "~/manager"
PATH = f"PATH={PLACE}/node_modules/.bin:$PATH"


@dataclass(frozen=True)
class Manager:
    """A package manager: its package in the registry, the version, the digest as packageManager
    writes it, empty for one that nobody has said."""

    name: str
    package: str
    version: str
    digest: str

    @property
    def install(self) -> str:
        """A shell line that has it in PLACE. From outside of the release: what lies there, such
        as an .npmrc, decides nothing of it."""
        algorithm, _, value = self.digest.partition(".")
        # corepack, which writes the digest, takes it of yarn's program and of others' package.
        what, unpack = "manager.tgz", ""
        if self.package == YARN:
            what, unpack = "package/bin/yarn.js", "tar -xzf manager.tgz && "
        check = f"{unpack}echo '{value}  {what}' | {algorithm}sum --quiet -c -"
        steps = [
            "cd ~",
            f"npm pack --silent {self.package}@{self.version} >packed",
            'mv "$(cat packed)" manager.tgz',
            *([check] if value else []),
            f"npm install --silent --prefix {PLACE} --ignore-scripts --no-audit --no-fund"
            " ./manager.tgz",
        ]
        if self.name == "bun":  # whose own package would fetch its program by a script
            steps.append(
                f"mkdir -p {PLACE}/node_modules/.bin && ln -s ../{self.package}/bin/bun"
                f" {PLACE}/node_modules/.bin/bun"
            )
        return " && ".join(steps)


def manager(release: Release, lock: str, architecture: str, named: bool) -> Manager:
    """Which package manager installs what `lock` says.

    named: whether the packageManager of package.json is heard. Raises OperatorError for a lock
    file of a version that the pinned one does not read, where it names none.
    """
    tool = choice.tool(lock)
    name, version, digest = package.manager(release) if named else ("", "", "")
    if name == tool:
        return Manager(tool, _package(tool, version, architecture), version, digest)
    berry = tool == "yarn" and "__metadata:" in release.text(lock)
    found = _package(tool, "4" if berry else "1", architecture)
    form = _form(release.text(lock), tool, berry)
    known = pins.pin(found, form)
    if not known:
        raise OperatorError(
            f"{release.tag}: {lock} is of the form {form or '?'}, and package.json does not say"
            f' which {tool} reads it: name that there, such as "packageManager": "{tool}@VERSION".'
            " Nothing has been changed"
        )
    return Manager(tool, found, known.version, known.digest)


def _form(text: str, tool: str, berry: bool) -> str:
    pattern = r"__metadata:\s+version: (\d+)" if berry else r"lockfileVersion: '?([\d.]+)"
    match = re.search(pattern, text) if berry or tool == "pnpm" else None
    return match[1] if match else ""


def _package(tool: str, version: str, architecture: str) -> str:
    if tool == "yarn":
        return "yarn" if version.split(".", maxsplit=1)[0] in ("0", "1") else YARN
    if tool == "bun":
        return f"{BUN}{'aarch64' if architecture == 'arm64' else 'x64'}"
    return tool
