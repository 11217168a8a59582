"""The `monitoring` part of an environment's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator
from pydantic.networks import IPvAnyNetwork

from roles.core.model import Section, section

from .receiver import RemoteWrite

Route = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._~/-]{1,100}$")]


class Monitoring(Section):
    """Metrics of the host, its services and each process, kept on the host itself."""

    mode: Literal["off", "local", "remote", "auto"] = Field(
        "off",
        description="local: Prometheus and exporters on this host, on loopback alone. remote: only"
        " exporters, for a Prometheus elsewhere, which shows a certificate. auto: local where the"
        " host has at least monitoring.auto_from_mb of memory; otherwise remote where"
        " monitoring.scraped_ca_file is set, off where it is not.",
    )
    scraped_from: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description="Networks that the Prometheus elsewhere asks from, CIDR: to nobody else is"
        " monitoring.scraped_port open.",
        examples=[["203.0.113.20/32"]],
    )
    scraped_ca_file: Path | None = Field(
        None,
        description="Authority that has signed the certificate which that Prometheus shows: PEM"
        " file on the operator's machine, relative to the project. Everyone whom it signs may ask,"
        " so take one of your own that signs nothing else.",
        examples=["inventories/prometheus-ca.pem"],
    )
    scraped_port: int = Field(
        9443, ge=1, le=65_535, description="TCP port at which Nginx answers that Prometheus."
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
    service_series: int = Field(
        5000,
        ge=1000,
        le=1_000_000,
        description="Series of the database, and of the cache, that Prometheus takes at most; of"
        " more it takes none, and says that the exporter is down. They have 300 to 1000, of about"
        " 3 KB each: more have been made up by who uses that service.",
    )
    routes: tuple[Route, ...] = Field(
        (),
        description="Beginnings of paths whose requests are measured apart, such as /api/orders."
        " All others are one: visitors choose paths, so their number has to be bounded.",
        examples=[["/api/orders", "/api/search"]],
    )

    remote_write: RemoteWrite = section("Where what is measured is sent as well, if anywhere.")

    @field_validator("routes")
    @classmethod
    def _few(cls, routes: tuple[str, ...]) -> tuple[str, ...]:
        if len(routes) > MOST_ROUTES:
            raise ValueError(f"has more than {MOST_ROUTES} routes: each is 60 series of its own")
        return routes

    @model_validator(mode="after")
    def _whole(self) -> Monitoring:
        if bool(self.scraped_from) != bool(self.scraped_ca_file):
            raise ValueError("scraped_from and scraped_ca_file go together: who asks, and how it"
                             " is known")  # fmt: skip
        if self.remote_write.url and self.mode != "local":
            raise ValueError(
                "remote_write.url needs mode = 'local': Prometheus on the host keeps what is"
                " measured until it is sent. For how long it keeps it after that, days says"
            )
        if self.mode == "remote" and not self.scraped_ca_file:
            raise ValueError(
                "mode = 'remote' needs scraped_from and scraped_ca_file: where the Prometheus is"
                " that asks this host, and how it is known (docs/monitoring.md)"
            )
        return self


MOST_ROUTES = 50
