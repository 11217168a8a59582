"""What is kept, and where."""

from __future__ import annotations

from pydantic import Field

from roles.core.model import Secret, Section, section

from .copies import Mirror, Offsite, Pull
from .patterns import HostPath


class Content(Section):
    """What is kept, where, and how long."""

    passphrase: Secret = Field(
        description="Encrypts every backup, local and off-site. Keep a copy away from the host:"
        " without it no backup can be read. Secret."
    )
    directory: HostPath = Field(
        "/var/backups/readyhost", description="Where the local backups are, on the host."
    )
    offsite: Offsite = section("The second copy, at another place.")
    mirror: Mirror = section("A second copy at another host, instead of storage or beside it.")
    pull: Pull = section("A second copy that another host fetches by itself.")
    local_only: bool = Field(
        False,
        description="Whether it is accepted that no backup is away from this host. Until then, and"
        " without an off-site copy, a mirror and a pull, every run ends by saying so.",
    )
    paths: tuple[HostPath, ...] = Field(
        (), description="Further directories that are backed up beside the uploads."
    )
    redis: bool = Field(
        False,
        description="Whether Redis holds more than a cache, so that its snapshot is kept too.",
    )
    keep_days: int = Field(
        30, ge=1, le=3650, description="Backups are kept so long, days; any moment can be restored."
    )
