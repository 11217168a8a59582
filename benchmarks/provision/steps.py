"""What readyhost makes of a host, as data that others can make the same of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from roles.app.releases import Release as Tagged
from roles.core.entries import Absent, Directory, Entry, File, Link
from roles.core.service import Service
from roles.postgres.wanted import Wanted


@dataclass(frozen=True)
class Packages:
    """Debian packages, installed in one transaction."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Files:
    """A role's files; `services` are started with them, `commands` follow a change."""

    name: str
    entries: tuple[Entry, ...]
    services: tuple[Service, ...]
    commands: tuple[str, ...]

    def of(self, kind: type[Entry]) -> list:
        """The entries of one kind."""
        return [entry for entry in self.entries if isinstance(entry, kind)]


@dataclass(frozen=True)
class Running:
    """Services that are enabled and running."""

    name: str
    services: tuple[Service, ...]


@dataclass(frozen=True)
class Commands:
    """Commands that are due unless a shell test succeeds."""

    name: str
    unless: str
    commands: tuple[str, ...]
    stdin: str | None = None


@dataclass(frozen=True)
class Database:
    """Roles and databases of the PostgreSQL on `port`, whose major version is `version`."""

    wanted: Wanted
    port: int
    version: int


@dataclass(frozen=True)
class Release:
    """A tag of the application, built and started by the program among its role's files."""

    app: str
    release: Tagged
    archive: Callable[[], bytes]
    identity: str

    @property
    def command(self) -> list[str]:
        """What builds and starts it; the archive comes, in base64, by standard input."""
        program = f"/usr/local/sbin/{self.app}-release"
        wish = ["--tag", self.release.tag, "--commit", self.release.commit]
        return [program, "deploy", *wish, "--identity", self.identity, "--by", "bench", "--archive"]


Step = Packages | Files | Running | Commands | Database | Release


def resources(steps: Iterable[Step]) -> dict[str, int]:
    """How many things of each kind `steps` have."""
    counts = dict.fromkeys(
        ("packages", "files", "directories", "links", "services", "commands", "database"), 0
    )

    def add(kind: str, things: Sequence) -> None:
        counts[kind] += len(things)

    for step in steps:
        if isinstance(step, Packages):
            add("packages", step.names)
        elif isinstance(step, Files):
            add("files", step.of(File))
            add("directories", step.of(Directory))
            add("links", [*step.of(Link), *step.of(Absent)])
        elif isinstance(step, Running):
            add("services", step.services)
        elif isinstance(step, Commands):
            counts["commands"] += 1
        elif isinstance(step, Database):
            add("database", [*step.wanted.roles, *step.wanted.databases])
    return counts
