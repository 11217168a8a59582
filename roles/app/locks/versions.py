"""The Python that a repository asks for, and the one that a host has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.markers import (
    InvalidMarker,
    Marker,
    UndefinedComparison,
    UndefinedEnvironmentName,
)
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from roles.core.errors import OperatorError
from roles.core.machine import Machine

from ..python_settings import SERIES
from ..releases import Release
from ..settings import Build
from . import pyproject
from .choice import PYLOCK

# A system's Python is known by two numbers; security updates change the third.
_PATCHES = range(100)


def require_python(
    settings: Build, release: Release, machine: Machine, own: Mapping[str, Any] | None = None
) -> None:
    """Raise OperatorError when the repository asks for another Python than it gets: its `own`
    (`runtimes.python.wanted`) or the host's."""
    here = _two(own["series"]) if own else machine.versions.python
    given = (
        f"app.python.version is {_text(here)}" if own else f"{machine.codename} has {_text(here)}"
    )
    _require_environment(settings, release, machine, here)
    for where, wanted in _wanted(release):
        if where in settings.ignore or fits(here, wanted):
            continue
        other = next((one for one in SERIES if fits(_two(one), wanted)), "")
        raise OperatorError(
            f"{release.tag} asks for Python {wanted} ({where}), and {given}: "
            + (f'set app.python.version = "{other}". ' if other else "no host can have that. ")
            + f"Where {_text(here)} does as well, set app.build.ignore = {json.dumps([where])}."
            " Nothing has been changed"
        )


def _require_environment(
    settings: Build, release: Release, machine: Machine, here: tuple[int, int]
) -> None:
    """Raise OperatorError when pylock.toml is for other systems than the host's."""
    if PYLOCK not in release.files or PYLOCK in settings.ignore:
        return
    markers = pyproject.texts(pyproject.read(release, PYLOCK).get("environments"))
    python = _text(here)
    environment = {
        "os_name": "posix",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_machine": "aarch64" if machine.architecture == "arm64" else "x86_64",
        "python_version": python,
    }
    wholes = ({**environment, "python_full_version": f"{python}.{patch}"} for patch in (0, 99))
    if markers and not any(_holds(marker, whole) for whole in wholes for marker in markers):
        raise OperatorError(
            f"{PYLOCK} of {release.tag} is for environments {markers[0]!r}, and"
            f" {machine.codename} has Python {python}: lock for that, too, or set"
            " app.python.version. Nothing has been changed"
        )


def _holds(marker: str, environment: dict[str, str]) -> bool:
    try:
        return Marker(marker).evaluate(environment)
    except (InvalidMarker, UndefinedEnvironmentName, UndefinedComparison):
        return False


def fits(python: tuple[int, int], wanted: str) -> bool:
    """Whether some Python of two numbers is what is `wanted`: 3.12, 3.12.4, cpython-3.12, >=3.10,
    ^3.10, several with a comma.

    >>> fits((3, 10), ">=3.10.4,<4"), fits((3, 10), "3.9"), fits((3, 10), "pypy3.10")
    (True, False, False)
    """
    text = re.sub(r"^(cpython|python)?[-@]?(?=\d)", "", wanted.strip())
    if re.fullmatch(r"\d+(\.\d+){0,2}", text):
        return f"{_text(python)}.".startswith(f"{'.'.join(text.split('.')[:2])}.")
    parts = [_pep440(part) for part in text.split(",")]
    try:
        specifiers = SpecifierSet(",".join(parts))
    except InvalidSpecifier:
        return text == "system"
    return any(specifiers.contains(f"{_text(python)}.{patch}") for patch in _PATCHES)


def _pep440(part: str) -> str:
    """One specifier; Poetry's ^3.10 and ~3.10 as what they stand for."""
    match = re.fullmatch(r"\s*([\^~])\s*(\d+)((?:\.\d+)*)\s*", part)
    if not match:
        return part
    sign, major, rest = match[1], match[2], match[3]
    if sign == "^" or not rest:
        return f">={major}{rest},<{int(major) + 1}"
    minor = int(rest.split(".")[1])
    return f">={major}{rest},<{major}.{minor + 1}"


def _wanted(release: Release) -> Iterator[tuple[str, str]]:
    """Where a version is asked for, by the name that the settings know it by, and which."""
    lines = [line.split("#")[0].strip() for line in release.text(".python-version").splitlines()]
    if first := next((line for line in lines if line), ""):
        yield ".python-version", first
    project = pyproject.read(release)
    said = [
        pyproject.table(project, "project").get("requires-python"),
        pyproject.table(project, "tool", "poetry", "dependencies").get("python"),
        *pyproject.table(pyproject.read(release, "Pipfile"), "requires").values(),
        pyproject.read(release, PYLOCK).get("requires-python"),
    ]
    for wanted in said:
        if isinstance(wanted, str):
            yield "requires-python", wanted


def _text(python: tuple[int, int]) -> str:
    return ".".join(str(part) for part in python)


def _two(series: str) -> tuple[int, int]:
    major, minor = series.split(".")
    return int(major), int(minor)
