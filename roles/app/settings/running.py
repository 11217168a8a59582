"""What of an application runs, and how a release of it is built and watched."""

from typing import Annotated

from pydantic import Field, StringConstraints

from roles.core.model import Command, Section, section

from ..building import Build, PartBuild, Seconds
from ..hooks import Hooks
from ..processes import Job, Web, Worker
from ..python_settings import Python
from ..run import Run
from ..watch import Watch
from .further import Http
from .health import Health
from .mount import Mount
from .node import Node

ProcessName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]


class Running(Section):
    """What runs, and how a release is built and watched."""

    web: Web = section("The processes that answer HTTP requests.")
    http: dict[ProcessName, Http] = Field(
        {},
        description="Further kinds of processes that answer HTTP, by name: each has paths or host"
        " names of its own (`admin`, `ws`, a front end that is rendered on the server).",
    )
    workers: dict[ProcessName, Worker] = Field(
        {}, description="Background processes by name. Each further line of the Procfile is one."
    )
    jobs: dict[ProcessName, Job] = Field({}, description="Scheduled jobs by name.")
    release_steps: tuple[Command, ...] | None = Field(
        None,
        description="Shell commands that run once per release, with the application's environment,"
        " before its processes start: migrations, indexes. The Procfile's `release` when not set."
        " Only these get MIGRATION_DATABASE_URL, straight to PostgreSQL.",
    )
    release_timeout_seconds: Seconds = Field(
        600, description="Time for all release steps, seconds."
    )
    health: Health = section("When a web process counts as up.")
    build: Build = section("How a release is built.")
    builds: dict[ProcessName, PartBuild] = Field(
        {},
        description="Further parts of the release by name, each built in a folder of its own: a"
        " front end beside a back end. They go live, and back, together.",
    )
    mounts: tuple[Mount, ...] = Field(
        (), description="What Nginx serves by itself beside app.static: front ends, pages, files."
    )
    watch: Watch = section("When a release is rolled back after the switch.")
    hooks: Hooks = section("Commands of your own at the turns of a release.")
    run: Run = section("Commands that operators run in the application's place.")
    node: Node = section("The Node.js runtime, for kind node.")
    python: Python = section("The Python runtime, for kind python.")
