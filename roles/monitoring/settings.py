"""The `monitoring` part of an environment's settings."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from roles.core.model import Section

Route = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._~/-]{1,100}$")]


class Monitoring(Section):
    """Metrics of the host, its services and each process, kept on the host itself."""

    mode: Literal["off", "local", "remote", "auto"] = Field(
        "off",
        description="local: Prometheus and exporters on this host, on loopback alone. auto: local"
        " where the host has at least monitoring.auto_from_mb of memory, otherwise off.",
    )
    auto_from_mb: int = Field(
        1900,
        ge=256,
        le=1_048_576,
        description="Memory from which on `auto` is local, MiB. It takes up to 200 MiB: a tenth of"
        " a host of 2 GB, which reports a little less than 2048.",
    )
    every_seconds: int = Field(
        15,
        ge=5,
        le=120,
        description="How often each exporter is read, seconds. Rates over five minutes, which"
        " alerts judge by, have twenty points; reading more often costs as much more CPU.",
    )
    facts_every_seconds: int = Field(
        60,
        ge=30,
        le=300,
        description="How often the host's own facts are written, seconds: units, releases, pools,"
        " backups. Each time takes about a quarter of a second of one core.",
    )
    days: int = Field(
        31,
        ge=1,
        le=3650,
        description="How long measurements are kept, days. The dashboard shows up to a month.",
    )
    disk_mb: int = Field(
        1024,
        ge=128,
        le=1_048_576,
        description="Disk that measurements may take, MiB: the oldest go first. A host with one"
        " application takes about 10 a day.",
    )
    memory_mb: int = Field(
        256,
        ge=96,
        le=65_536,
        description="Memory that Prometheus may take, MiB; beyond it the kernel ends it, and it"
        " starts anew. It takes about 80 with one application.",
    )
    exporter_memory_mb: int = Field(
        64,
        ge=32,
        le=4096,
        description="Memory that each exporter may take, MiB. Each takes 10 to 30.",
    )
    routes: tuple[Route, ...] = Field(
        (),
        description="Beginnings of paths whose requests are measured apart, such as /api/orders."
        " All others are one: visitors choose paths, so their number has to be bounded.",
        examples=[["/api/orders", "/api/search"]],
    )

    @field_validator("mode")
    @classmethod
    def _made(cls, mode: str) -> str:
        if mode == "remote":
            raise ValueError(
                "remote, exporters for a monitoring host elsewhere, is not made yet: take local, or"
                " off and an agent of your own (docs/own-roles.md)"
            )
        return mode

    @field_validator("routes")
    @classmethod
    def _few(cls, routes: tuple[str, ...]) -> tuple[str, ...]:
        if len(routes) > MOST_ROUTES:
            raise ValueError(f"has more than {MOST_ROUTES} routes: each is 60 series of its own")
        return routes


MOST_ROUTES = 50
