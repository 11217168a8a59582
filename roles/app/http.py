"""Further kinds of processes that answer HTTP: which paths or host names each of them has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StringConstraints

from roles.core.addresses import Domain
from roles.core.model import Section

from .processes import Listening
from .told import told

if TYPE_CHECKING:
    from .settings import Parts

ROOT = "/"
RoutePath = Annotated[str, StringConstraints(pattern=r"^/([A-Za-z0-9_~.-][A-Za-z0-9_~./-]*)?$")]


class Asked(Section):
    """When a process of that kind counts as up; rows and times are those of app.health."""

    path: str = Field("/health", pattern=r"^/[^\s\"\\]*$", description="As app.health.path.")
    status: int = Field(200, ge=200, le=499, description="As app.health.status.")
    contains: str = Field("", description="As app.health.contains.")
    timeout_seconds: int = Field(5, ge=1, le=60, description="Time for one answer, seconds.")


class Http(Listening):
    """A further kind of processes that answer HTTP, beside app.web."""

    paths: tuple[RoutePath, ...] = Field(
        (),
        description='Paths that it answers, with all below; the longest that fits counts. "/": all'
        " that nothing else has; app.web.paths then go to app.web.",
    )
    hosts: tuple[Domain, ...] = Field(
        (),
        description="Host names that are all its own; each one of the aliases, which is where the"
        " certificate has it from.",
    )
    build: str | None = Field(
        None,
        description="Name of one of app.builds that it is: its folder (its output, where it has"
        " one) is where the command runs, and its kind is what runs it. As app.web when not set.",
    )
    instances: int = Field(
        2, ge=1, le=64, description="How many run. 2: while one starts again there is another."
    )
    timeout_seconds: int | None = Field(
        None,
        ge=1,
        le=3600,
        description="How long it may take to answer, seconds. nginx.request_timeout_seconds when"
        " not set.",
    )
    health: Asked = Field(Asked(), description="When a process of it counts as up.")


def place(settings: Parts, http: Http) -> str:
    """Where its command runs, from the folder of the release; empty for that itself."""
    part = settings.builds.get(http.build or "")
    return "/".join(each for each in (part.directory, part.output) if each) if part else ""


def built(settings: Parts) -> frozenset[str]:
    """Parts of the release that are a kind of processes of their own."""
    return frozenset(each.build for each in settings.http.values() if each.build)


def root(settings: Parts) -> str:
    """Which of them has all that nothing else has; empty where none of them is asked for it."""
    return next((name for name, each in settings.http.items() if ROOT in each.paths), "")


def paths(settings: Parts) -> tuple[str, ...]:
    """All paths that one of them has, but the root."""
    return tuple(path for each in settings.http.values() for path in each.paths if path != ROOT)


def health(settings: Parts, name: str, host: str) -> dict[str, Any]:
    """How one of them is asked whether it is up."""
    own = settings.http[name]
    asked = {**told(settings.health), **told(own.health)}
    host = own.hosts[0] if own.hosts and not own.paths else host
    return {**asked, "host": host, "setting": f"app.http.{name}.health"}


def wrong(settings: Parts) -> str:
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
