"""What an environment says about its cache."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PrivateAttr, StringConstraints

from roles.core.model import Secret, Section, section
from roles.external.settings import SOURCE, ExternalRedis, Source

# What gives more than data: other users and their secrets, files, programs, other servers.
_MORE_THAN_DATA = (
    "acl cluster config debug failover migrate module monitor psync replconf replicaof"
    " restore-asking shutdown slaveof sync"
).split()


def _of_data(command: str) -> str:
    if command.partition("|")[0] in _MORE_THAN_DATA:
        raise ValueError(f"{command} would give the application what only the operator may do")
    return command


Command = Annotated[
    str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)?(\|[a-z-]+)?$"), AfterValidator(_of_data)
]


def _application_user(name: str) -> str:
    if name in ("default", "operator", "metrics"):
        raise ValueError("is a user of readyhost's own; choose another name")
    return name


class Redis(Section):
    """The application's user, the memory it may fill, and what survives a crash."""

    source: Source | None = Field(None, description=f"Where Redis is. {SOURCE}")
    external: ExternalRedis = section("The Redis of source external.")
    password: Secret = Field(
        description="Password of the application's Redis user. Secret. For source local."
    )
    user: Annotated[str, AfterValidator(_application_user)] = Field(
        "app",
        pattern=r"^[a-z][a-z0-9_-]{0,30}$",
        description="Name of the application's Redis user.",
    )
    port: int = Field(
        6379, ge=1024, le=65_535, description="TCP port on 127.0.0.1; no other address listens."
    )
    maxmemory_mb: int | None = Field(
        None,
        ge=32,
        le=1_048_576,
        description="Memory for data, MiB. Computed when not set: a tenth of the RAM, from 64"
        " to 8192.",
    )
    maxmemory_policy: Literal[
        "volatile-lru",
        "volatile-lfu",
        "volatile-ttl",
        "allkeys-lru",
        "allkeys-lfu",
        "noeviction",
    ] = Field(
        "volatile-lru",
        description="What goes when the memory is full. volatile-lru drops cached values and"
        " sessions, which expire anyway, and never a queued job, which has no TTL; allkeys-lru"
        " suits a Redis that is nothing but a cache.",
    )
    appendfsync: Literal["everysec", "always"] = Field(
        "everysec",
        description="When the append-only file reaches the disk: a crash of Redis or of the machine"
        " loses the last second, two when the disk is busy, or with always nothing, at a tenth of"
        " the speed.",
    )
    maxclients: int = Field(
        4096,
        ge=100,
        le=50_000,
        description="Concurrent client connections. The application's pools are far below it;"
        " it bounds a leak.",
    )
    tcp_backlog: int = Field(
        1024,
        ge=128,
        le=65_535,
        description="Connections that may wait to be accepted, when every worker connects at once.",
    )
    idle_timeout_seconds: int = Field(
        0,
        ge=0,
        le=86_400,
        description="Idle client connections are closed after this, seconds; 0 is never, because"
        " a pool keeps idle connections on purpose.",
    )
    slowlog_us: int = Field(
        10_000,
        ge=0,
        le=10_000_000,
        description="Commands slower than this enter SLOWLOG, microseconds.",
    )
    latency_ms: int = Field(
        100,
        ge=0,
        le=60_000,
        description="Events slower than this enter LATENCY, milliseconds; 0 turns it off.",
    )
    allow_commands: tuple[Command, ...] = Field(
        (),
        description="Commands that the application may use although Redis calls them dangerous,"
        " such as flushdb for a framework whose cache.clear() needs it.",
    )

    # Of several applications on the host: those of the others, and how this one's keys begin.
    _others: "tuple[Redis, ...]" = PrivateAttr(())
    _prefix: str = PrivateAttr("")

    @property
    def tenants(self) -> "tuple[Redis, ...]":
        """This one, and those of the other applications that use the same Redis."""
        return (self, *self._others)

    @property
    def prefix(self) -> str:
        """How the keys begin that the application may see; empty where all are its own."""
        return self._prefix
