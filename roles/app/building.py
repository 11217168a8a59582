"""How a release is built, and each further part of it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from roles.core.model import Command, Package, Section, Value

from .environment import variable_name
from .runtimes import Kind

Variable = Annotated[str, AfterValidator(variable_name)]
Folder = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*)?$"),
]
"""A folder below another one; empty for that itself."""
Group = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,60}[A-Za-z0-9])?$")
]
Ignored = Literal[
    "uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "requirements.txt",
    "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock",
    "bun.lockb", "packageManager", "engines", ".nvmrc", ".node-version", ".python-version",
    "requires-python", "build-system", "content-hash",
]  # fmt: skip
Seconds = Annotated[int, Field(ge=1, le=86_400)]


class Build(Section):
    """How a release is built on the host, as its build user, before it is used."""

    steps: tuple[Command, ...] | None = Field(
        None,
        description="Shell commands, in order, in the release's folder. When not set: for Python"
        " a virtual environment in .venv with what the lock file or requirements.txt lists (or"
        " the project itself); for Node.js `npm ci`, `npm run build`, `npm prune`; for a command"
        " nothing.",
    )
    groups: tuple[Group, ...] = Field(
        (), description="Groups of dependencies that are installed beside the main ones."
    )
    extras: tuple[Group, ...] = Field(
        (), description="Extras of the project whose dependencies are installed as well."
    )
    ignore: tuple[Ignored, ...] = Field(
        (),
        description="What the repository asks for and does not get: one of two lock files, the"
        " version of a runtime that another one does as well for, `build-system`: the project"
        " itself is not installed, `content-hash`: a lock file may be older than what it was made"
        " from.",
    )
    require_hashes: bool = Field(
        False,
        description="Refuse a release of which a package is not named by a lock file with a digest"
        " of it. Steps of your own see to that themselves.",
    )
    env: dict[Variable, Value] = Field(
        {}, description="Variables that the build steps see, such as a package mirror. No secrets."
    )
    packages: tuple[Package, ...] = Field(
        (), description="Debian packages that building or running needs, such as libpq-dev."
    )
    timeout_seconds: Seconds = Field(900, description="Time for one step, seconds.")
    free_disk_mb: int = Field(
        512,
        ge=0,
        description="Free space without which no build is begun, MiB. At half of it a build is"
        " ended: the database is not to be without room.",
    )


class PartBuild(Build):
    """A further part of a release, such as a front end; where not said otherwise it is built as
    the application is."""

    directory: Folder = Field(
        "", description="Its folder inside the application's; empty for that itself."
    )
    kind: Kind | None = Field(
        None, description="As app.kind, from the files of its folder. static: nothing is built."
    )
    output: Folder = Field(
        "",
        description="Folder inside of its own that holds what was built, such as dist: nothing else"
        " of the part is kept. All of it is kept when empty, as a back end needs.",
    )
