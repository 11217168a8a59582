"""The further parts of a release: what each is, and how it is built."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from roles.core.errors import OperatorError
from roles.core.together import Together, again, alone

from . import http, runtimes
from .releases import Release
from .settings import App
from .source import Source

Build = Callable[[App, str, Release], dict[str, Any]]


def released(source: Source, settings: App) -> Release:
    """`source` with its parts. Raises OperatorError for a folder that is not there."""
    found = {}
    for name, part in settings.builds.items():
        inside = "/".join(each for each in (source.directory, part.directory) if each)
        one = replace(source, directory=inside)
        if not one.names:
            raise OperatorError(_lacking(source, inside, name, part.directory))
        found[name] = one.release
    return replace(source.release, parts=found)


def _lacking(source: Source, inside: str, name: str, wanted: str) -> str:
    """What to say of a part that is not there: it may stand beside the application's folder."""
    said = f"{source.tag} has no folder {inside!r} (app.builds.{name}.directory"
    own = source.directory
    if not own:
        return f"{said}). Nothing has been changed"
    said += f", which is below app.directory {own!r})"
    if replace(source, directory=wanted).names:
        said += (
            f". It has {wanted!r} at its root: leave app.directory out, and set"
            f' app.builds.{own.rpartition("/")[2]}.directory = "{own}" (docs/frontends.md)'
        )
    return f"{said}. Nothing has been changed"


def kind(settings: App, release: Release, name: str) -> str:
    """What builds a part. Raises OperatorError where its files do not tell."""
    part = settings.builds[name]
    found = part.kind or _of(release, name).kind
    if not found:
        raise OperatorError(
            f"{release.tag}: the files of {part.directory!r} are those of"
            f" {runtimes.rivals(files(release, name))}: set app.builds.{name}.kind."
            " Nothing has been changed"
        )
    return found


def running(settings: App, release: Release) -> str:
    """What runs where the application's own folder does not say it: its back end's kind."""
    kinds = {kind(settings, release, name) for name in back_ends(settings)}
    found = [each for each in kinds if runtimes.of(each).title]
    return found[0] if len(found) == 1 else ""


def back_ends(settings: App) -> list[str]:
    """Parts that are kept whole: their programs run as app.web. What is one of app.http is not."""
    own = http.built(settings)
    return [n for n, part in settings.builds.items() if not part.output and n not in own]


def defined(settings: App, release: Release, build: Build) -> list[dict[str, Any]]:
    """The parts as a release definition has them. build: gives how one of a kind is built."""
    found, every = [], Together()
    for name in settings.builds:
        with every.look():
            found.append(_defined(settings, release, name, build))
    every.require()
    return found


def _defined(settings: App, release: Release, name: str, build: Build) -> dict[str, Any]:
    part, of = settings.builds[name], kind(settings, release, name)
    own = settings.model_copy(update={"build": part, "builds": {}, "mounts": ()})
    try:
        made = build(own, of, _of(release, name))
    except OperatorError as error:
        raise again(error, [_own_words(name, each) for each in alone(error)]) from None
    if part.output and part.steps is None:
        # Of what only the output is kept nothing need be taken away.
        made["steps"] = [step for step in made["steps"] if not step.startswith("npm prune")]
    return {"name": name, "directory": part.directory, "output": part.output, "build": made}


def _own_words(name: str, said: str) -> str:
    """In the words of the application's own folder; a part has these keys in its own table."""
    keys = re.sub(r"\bapp\.(?:build\.|(?=(?:directory|kind)\b))", f"app.builds.{name}.", said)
    return f"app.builds.{name}: {keys}"


def unlocked(defined: list[dict[str, Any]]) -> str:
    """Why the first of the parts that has no lock is built without one; empty when all have."""
    found = [f"{part['name']}: {why}" for part in defined if (why := part["build"]["unlocked"])]
    return found[0] if found else ""


def _of(release: Release, name: str) -> Release:
    return release.parts.get(name) or Release(release.tag, release.commit, "command")


def files(release: Release, name: str) -> frozenset[str]:
    """Names of the files in a part's folder."""
    return frozenset(_of(release, name).files)


def package(release: Release, name: str) -> str:
    """A part's package.json."""
    return _of(release, name).package


def packages(settings: App) -> list[str]:
    """Debian packages that building the parts takes."""
    return [package for part in settings.builds.values() for package in part.packages]
