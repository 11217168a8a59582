"""How each kind of application is built when its settings don't say."""

from __future__ import annotations

from typing import Any

from .formation import Formation
from .settings import App

PIP = "{environment}/bin/pip --disable-pip-version-check --quiet install"


def build(
    settings: App, formation: Formation, files: frozenset[str], python: str
) -> dict[str, Any]:
    """The `build` part of a release definition.

    files: names at the application's root; python: the host's version, of which the installed
    dependencies are part. Steps with `{environment}` get the folder that the dependencies stay in.
    """
    kind, own = formation.kind, settings.build.steps
    wheel = kind == "node" and settings.node.source == "wheel"
    dependencies, steps = None, list(own or ())
    if own is None and kind == "python":
        dependencies, steps = _python(files)
    if own is None and kind == "node":
        dependencies, steps = _node(files)
    return {
        "runtime": f"node {settings.node.version}" if wheel else f"{kind} {python}",
        "node": settings.node.version if wheel else "",
        "dependencies": dependencies,
        "steps": steps,
        "env": {name.upper(): value for name, value in settings.build.env.items()},
        "timeout": settings.build.timeout,
        "free_disk_mb": settings.build.free_disk_mb,
    }


def _python(files: frozenset[str]) -> tuple[dict[str, Any], list[str]]:
    listed = "requirements.txt" in files
    # A project without a list of requirements is itself installed, and differs in every commit.
    what = "-r requirements.txt" if listed else "."
    dependencies = {
        "product": ".venv",
        "files": ["requirements*.txt", "requirements/*.txt", "constraints*.txt"],
        "of_commit": not listed,
        "steps": ["python3 -m venv {environment}", f"{PIP} {what}"],
    }
    # The processes cannot write beside their code, so it is compiled here.
    return dependencies, ["python3 -m compileall -q -x '/(\\.venv|node_modules)/' ."]


def _node(files: frozenset[str]) -> tuple[dict[str, Any], list[str]]:
    dependencies = {
        "product": "node_modules",
        "files": ["package.json", "package-lock.json", "npm-shrinkwrap.json", ".npmrc"],
        "of_commit": False,
        # Building takes development dependencies; they go when it is done.
        "steps": ["npm ci --include=dev --no-audit --no-fund"],
    }
    return dependencies, ["npm run build --if-present", "npm prune --omit=dev --no-audit --no-fund"]
