"""How the packages of a Node.js application are installed, and what is built with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from roles.core.errors import OperatorError

from ..releases import Release
from ..settings import Build
from . import choice, digests, managers, node_versions, package

# What npm runs of a project itself when it installs it; its scripts may read every file of it.
LIFECYCLE = (
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
)
# Building takes development dependencies; they go when it is done.
_NPM = "--include=dev --ignore-scripts --no-audit --no-fund"
# Nothing of another place is linked to, and the version that was installed is the one that works.
_ALONE = {
    "pnpm": "npm_config_package_import_method=copy pnpm_config_package_import_method=copy"
    " npm_config_manage_package_manager_versions=false",
    "yarn": "YARN_NODE_LINKER=node-modules YARN_NM_MODE=classic YARN_ENABLE_TELEMETRY=0",
    "bun": "",
}


# What installs, and what takes development dependencies away.
_INSTALL = {
    "pnpm": ("install --frozen-lockfile --prod=false", "prune --prod --ignore-scripts"),
    "yarn": (
        "install --frozen-lockfile --non-interactive --production=false",
        "install --frozen-lockfile --non-interactive --production --ignore-scripts"
        " --prefer-offline",
    ),
    managers.YARN: ("install --immutable", "workspaces focus --all --production"),
    # It has no way to take development dependencies away and leave what scripts have made.
    "bun": ("install --frozen-lockfile --backend=copyfile", ""),
}


@dataclass(frozen=True)
class Installed:
    """dependencies: those that later releases may share, for npm alone; steps: what comes then;
    unlocked: why its packages are not locked."""

    dependencies: dict[str, Any] | None
    steps: list[str] = field(default_factory=list)
    unlocked: str = ""


def installed(settings: Build, release: Release, architecture: str) -> Installed:
    """Raises OperatorError for lock files that cannot be obeyed, and for what has none or a package
    without a digest where the settings insist."""
    named = "packageManager" not in settings.ignore
    who, version, digest = package.manager(release) if named else ("", "", "")
    lock = choice.node(release, settings.ignore, who)
    if settings.require_hashes:
        digests.require(release, lock)
    if not lock and who not in ("", "npm"):
        raise OperatorError(
            f"{release.tag}: package.json names {who} as its packageManager, and there is no lock"
            " file of it: commit one. Nothing has been changed"
        )
    if not lock or choice.tool(lock) == "npm":
        own = managers.Manager("npm", "npm", version, digest) if version else None
        _engines(settings, release, "npm", version)
        return _npm(release, own, bool(lock))
    tool = managers.manager(release, lock, architecture, named)
    _engines(settings, release, tool.name, tool.version)
    if settings.require_hashes and not tool.digest:
        raise OperatorError(
            f"{release.tag}: packageManager names {tool.name} without a digest, and"
            f" app.build.require_hashes is set: `corepack use {tool.name}@{tool.version}` writes"
            " one. Nothing has been changed"
        )
    return Installed(None, _others(release, tool))


def _engines(settings: Build, release: Release, name: str, version: str) -> None:
    if "engines" not in settings.ignore:
        node_versions.require_manager(name, version, release)


def _npm(release: Release, own: managers.Manager | None, locked: bool) -> Installed:
    what = f"npm {'ci' if locked else 'install --no-package-lock'} {_NPM}"
    # Packages are unpacked without running anything, so that follows from the lock file alone.
    # What they and the project run when they are installed comes afterwards, in each release.
    allowed = '[ "$(npm config get ignore-scripts)" = true ] ||'
    found = package.scripts(release)
    dependencies = {
        "product": "node_modules",
        "steps": [own.install, f"{managers.PATH} {what}"] if own else [what],
        "scripts": [
            "npm rebuild",
            *(f"{allowed} npm run {name}" for name in LIFECYCLE if name in found),
        ],
    }
    steps = ["npm run build --if-present", "npm prune --omit=dev --no-audit --no-fund"]
    if locked:
        return Installed(dependencies, steps)
    why = "no lock file says which versions of packages it gets"
    return Installed({**dependencies, "kept": False}, steps, why)


def _others(release: Release, tool: managers.Manager) -> list[str]:
    run = f"export {managers.PATH} {_ALONE[tool.name]}; {tool.name}".replace(" ;", ";")
    build = [f"{run} run build"] if "build" in package.scripts(release) else []
    install, prune = _INSTALL[tool.package if tool.name == "yarn" else tool.name]
    if tool.package == managers.YARN and tool.version.startswith(("2.", "3.")):
        prune = ""  # a plug-in of its own there
    return [tool.install, f"{run} {install}", *build, *([f"{run} {prune}"] if prune else [])]
