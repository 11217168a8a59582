"""How the packages of a Python application are installed."""

from __future__ import annotations

from typing import Any

from roles.core.errors import OperatorError

from ..releases import Release
from ..settings import Build
from . import choice, pyproject, requirements, stale, tables, uv
from .entries import Broken

PIP = ".venv/bin/pip --disable-pip-version-check --quiet install"
LIST = "~/requirements.txt"
VENV = "python3 -m venv .venv"
_AGAIN = {
    "uv.lock": "uv lock",
    "poetry.lock": "poetry lock",
    "pdm.lock": "pdm lock",
    "Pipfile.lock": "pipenv lock",
    "pylock.toml": "uv export --format pylock.toml -o pylock.toml",
}


_INSTALLABLE = frozenset({"pyproject.toml", "setup.py"})


def dependencies(settings: Build, release: Release) -> tuple[dict[str, Any], str]:
    """The `dependencies` of a build, and why its packages are not locked; empty when they are.

    Raises OperatorError for a lock file that cannot be obeyed, for several, and for a release
    without one where the settings insist.
    """
    lock = choice.python(release, settings.ignore)
    if lock == "requirements.txt":
        return _listed(settings, release)
    if not lock:
        if not _INSTALLABLE & release.files:
            raise OperatorError(
                f"{release.tag} says nowhere which Python packages it needs: add a requirements.txt"
                " (one line `-r requirements/production.txt` will do) or a lock file, or say how it"
                " is built by app.build.steps. Nothing has been changed"
            )
        _insist(settings, release, "has no lock file")
        # A project without a list of requirements is itself installed, and differs in every commit.
        own = {"kept": False} if settings.ignore else {}
        why = "no lock file says which versions of packages it gets"
        return {**_made([VENV, f"{PIP} ."]), **own}, why
    return _locked(settings, release, lock), ""


def _listed(settings: Build, release: Release) -> tuple[dict[str, Any], str]:
    hashed = requirements.hashed(release.text("requirements.txt"))
    if not hashed:
        _insist(settings, release, "has a requirements.txt without hashes")
    flag = " --require-hashes" if hashed else ""
    why = "" if hashed else "its requirements.txt has no hashes"
    return _made([VENV, f"{PIP}{flag} -r requirements.txt"]), why


def _locked(settings: Build, release: Release, lock: str) -> dict[str, Any]:
    project = pyproject.read(release)
    # A Pipfile says itself whether the project is installed.
    package = lock == "Pipfile.lock" or pyproject.is_package(project)
    listed = _read(settings, release, lock, package and "build-system" not in settings.ignore)
    if text := pyproject.missing(_wanted(release, lock, project), listed.indexed):
        raise OperatorError(
            f"{release.tag} asks for {text}, and {lock} has it not: lock again"
            f" (`{_AGAIN[lock]}`) and commit that. Nothing has been changed"
        )
    if "content-hash" not in settings.ignore and (where := stale.where(release, lock)):
        raise OperatorError(
            f"{lock} of {release.tag} was not made from the {where} that lies beside it: lock again"
            f" (`{_AGAIN[lock]}`) and commit that. Where it does as well, set app.build.ignore ="
            ' ["content-hash"]. Nothing has been changed'
        )
    if listed.addresses:
        _insist(settings, release, f"has {listed.addresses[0]} in {lock}, which has no hash")
    steps = [VENV, f"{PIP} --require-hashes --no-deps -r {LIST}"]
    own = [f"{PIP} --no-deps {requirements.install(listed.own)}"] if listed.own else []
    if lock == "Pipfile.lock":  # which is for one version of Python, and does not always say so
        own.append(".venv/bin/pip check")
    return {**_made(steps), "list": list(listed.indexed), "scripts": own}


def _read(settings: Build, release: Release, lock: str, project: bool) -> requirements.Listed:
    """The list that a lock file comes to. Raises OperatorError for a broken one."""
    try:
        return requirements.split(_list(settings, release, lock), project)
    except Broken as error:
        why = str(error)
    except RecursionError:
        why = "a marker is nested too deep"
    raise OperatorError(
        f"{lock} of {release.tag} cannot be obeyed: {why}. Lock again (`{_AGAIN[lock]}`) and commit"
        " that, or say how its packages are installed by app.build.steps. Nothing has been changed"
    )


def _list(settings: Build, release: Release, lock: str) -> str:
    if lock == "uv.lock":
        return uv.export(release, settings.groups, settings.extras)
    if lock == "Pipfile.lock":
        return tables.pipenv(release, settings.groups)
    # Here and not above: each start reads all that is above, and few have a pylock.toml.
    from . import pylock

    read = {"poetry.lock": tables.poetry, "pdm.lock": tables.pdm, choice.PYLOCK: pylock.read}[lock]
    # None of them names the project itself, as a rule.
    return f"{read(release, settings.groups, settings.extras)}\n."


def _wanted(release: Release, lock: str, project: dict[str, Any]) -> list[str]:
    if lock == "Pipfile.lock":
        return pyproject.of_an_index(pyproject.read(release, "Pipfile"), "packages")
    return pyproject.dependencies(project)


def _made(steps: list[str]) -> dict[str, Any]:
    return {"product": ".venv", "steps": steps}


def _insist(settings: Build, release: Release, what: str) -> None:
    if settings.require_hashes:
        raise OperatorError(
            f"{release.tag} {what}, and app.build.require_hashes is set: commit a lock file"
            " (docs/builds.md has which). Nothing has been changed"
        )
