"""Further kinds of processes that answer HTTP: which paths or host names each of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .told import told

if TYPE_CHECKING:
    from .settings.fields import Fields
    from .settings.further import Http

ROOT = "/"


def place(settings: Fields, http: Http) -> str:
    """Where its command runs, from the folder of the release; empty for that itself."""
    part = settings.builds.get(http.build or "")
    return "/".join(each for each in (part.directory, part.output) if each) if part else ""


def built(settings: Fields) -> frozenset[str]:
    """Parts of the release that are a kind of processes of their own."""
    return frozenset(each.build for each in settings.http.values() if each.build)


def root(settings: Fields) -> str:
    """Which of them has all that nothing else has; empty where none of them is asked for it."""
    return next((name for name, each in settings.http.items() if ROOT in each.paths), "")


def paths(settings: Fields) -> tuple[str, ...]:
    """All paths that one of them has, but the root."""
    return tuple(path for each in settings.http.values() for path in each.paths if path != ROOT)


def health(settings: Fields, name: str, host: str) -> dict[str, Any]:
    """How one of them is asked whether it is up."""
    own = settings.http[name]
    asked = {**told(settings.health), **told(own.health)}
    host = own.hosts[0] if own.hosts and not own.paths else host
    return {**asked, "host": host, "setting": f"app.http.{name}.health"}


def wrong(settings: Fields) -> str:
    """Why they do not go together with the other settings; empty when they do."""
    if settings.http and settings.kind == "static":
        return 'kind "static" runs nothing: no app.http'
    every: list[str] = [host for each in settings.http.values() for host in each.hosts]
    every += [path for each in settings.http.values() for path in each.paths]
    every += [mount.url for mount in settings.mounts]
    if root(settings):
        every += settings.web.paths
    for name, each in settings.http.items():
        if not (each.paths or each.hosts):
            return f"http.{name} has neither paths nor hosts: nobody would ever ask it"
        if each.build and each.build not in settings.builds:
            return f"http.{name}: {each.build!r} is none of app.builds"
        if twice := [one for one in (*each.paths, *each.hosts) if every.count(one) > 1]:
            return f"http.{name}: {twice[0]} is something else's too"
    return ""
