"""What the server is sized for."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from roles.core.model import Section


class Capacity(Section):
    """Memory, storage and connections."""

    memory_percent: int = Field(
        50,
        ge=5,
        le=90,
        description="Share of the host's RAM that PostgreSQL is sized for, percent. The rest is the"
        " application's, Redis's and the system's; 80 on a host of its own.",
    )
    storage: Literal["ssd", "nvme", "san", "hdd"] = Field(
        "ssd", description="What the data lies on: decides the planner's costs."
    )
    max_connections: int = Field(
        100,
        ge=20,
        le=2000,
        description="Connections the server accepts. Takes a restart.",
    )
    reserved_connections: int = Field(
        10,
        ge=5,
        le=100,
        description="Of these, connections kept for backup, monitoring, maintenance and people:"
        " PgBouncer's pools must fit into what remains.",
    )
    superuser_connections: int = Field(
        3,
        ge=1,
        le=20,
        description="Of the reserved ones, connections that only a superuser gets.",
    )

    @model_validator(mode="after")
    def _connections_fit(self) -> Capacity:
        if self.superuser_connections >= self.reserved_connections:
            raise ValueError("superuser_connections must be less than reserved_connections")
        if self.reserved_connections >= self.max_connections:
            raise ValueError("reserved_connections must be less than max_connections")
        return self
