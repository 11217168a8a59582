"""The settings of one process: what runs, how many times, within which limits."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from roles.core.model import Command, Section, Value

from .egress import Network
from .environment import variable_name
from .schedule import calendar

Variable = Annotated[str, AfterValidator(variable_name)]
PathPattern = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9_~.-][A-Za-z0-9_~./-]*$")]


class Process(Section):
    """One line of a Procfile and the limits of each of its instances."""

    command: Command | None = Field(
        None,
        description="Command line of one program, run by sh in the release's folder; `cd folder &&`"
        " or variables may stand before it. The Procfile's line of the same name when not set.",
    )
    forks: int | None = Field(
        None,
        ge=0,
        le=128,
        description="Processes that an instance makes itself: Gunicorn's own workers, Node.js'"
        " cluster mode. WEB_CONCURRENCY tells it the number; memory, heap and connections are sized"
        " for all of them. When not set what the command says (`--workers 4`), else none.",
    )
    memory_max_mb: int | None = Field(
        None,
        ge=64,
        description="Memory at which an instance is killed and started again, MiB; of one that"
        " forks the kernel ends the largest of its processes alone. When not set 1024 for each"
        " fork, or the application's whole share on a smaller host.",
    )
    cpu_quota_percent: int = Field(
        200,
        ge=10,
        description="CPU time an instance may use, percent of one core. 200 leaves a runtime's"
        " helper threads room and stops a runaway from taking a large host.",
    )
    heap_mb: int | None = Field(
        None,
        ge=32,
        description="Node.js heap (--max-old-space-size) of each process, MiB. When not set 75 % of"
        " the memory ceiling, the rest is for buffers and code; of an instance that forks an equal"
        " part of that.",
    )
    stop_timeout_seconds: int = Field(
        5,
        ge=1,
        le=3600,
        description="Time to finish what is running when told to stop, seconds; killed after it.",
    )
    env: dict[Variable, Value] = Field({}, description="Variables of this process only.")
    networks: tuple[Network, ...] | None = Field(
        None,
        description="Networks that it may reach beside this host itself, CIDR: an allow-list."
        " Everything but app.denied_networks when not set; empty for the host alone. Release steps"
        " have the web processes'.",
    )


class Worker(Process):
    """A background process."""

    instances: int = Field(1, ge=1, le=64, description="How many run.")


class Listening(Process):
    """What answers HTTP."""

    listen: Literal["auto", "socket", "port"] = Field(
        "auto",
        description="socket: the command listens on the Unix socket $SOCKET. port: it can only"
        " listen on the TCP port $PORT of 127.0.0.1; a proxy of systemd stands in between. auto:"
        " the one that the command names; port for `next start`, Gunicorn without --bind and the"
        " like, which read PORT by themselves; else socket.",
    )


class Web(Listening):
    """The processes that answer HTTP, each on a Unix socket of its own."""

    instances: int | None = Field(
        None,
        ge=1,
        le=129,
        description="How many run. When not set 2 x cores + 1 for Python, one a core for Node.js"
        " and other commands, with the forks of each, as far as database_pool has a connection for"
        " each.",
    )
    first_port: int = Field(
        8000,
        ge=1024,
        le=60_000,
        description="First port for listen = port. 400 from here on are the application's.",
    )
    paths: tuple[PathPattern, ...] = Field(
        ("/api",),
        description="Paths that these processes answer, with all below, where one of app.mounts has"
        ' the others (url = "/"). So they do app.health.path.',
    )


class Job(Process):
    """A command that runs on a schedule; never twice at the same time."""

    schedule: Annotated[str, AfterValidator(calendar)] = Field(
        description="When it runs, in systemd's calendar form: `hourly`, `*-*-* 03:15`,"
        " `Mon..Fri 08..18:00/10`. In the host's time zone."
    )
    timeout_seconds: int = Field(3600, ge=1, description="Longest run, seconds; stopped after it.")
    spread_seconds: int = Field(
        0, ge=0, le=86_400, description="Random delay before each run, at most, seconds."
    )
