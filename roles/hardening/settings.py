"""What an environment says about the host's defences."""

from typing import Annotated

from pydantic import Field, StringConstraints

from roles.core.model import Slice

Module = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$")]


class Hardening(Slice):
    """Kernel modules that never load, core dumps, what the kernel shows, the audit trail."""

    blocked_modules: tuple[Module, ...] = Field(
        (
            "dccp",
            "sctp",
            "rds",
            "tipc",
            "cramfs",
            "freevxfs",
            "hfs",
            "hfsplus",
            "jffs2",
            "firewire-core",
            "usb-storage",
        ),
        description="Kernel modules that never load: network protocols and file systems that no"
        " web host speaks, where most holes of the last years were, and storage that somebody"
        " plugs in. Of no effect in a container.",
    )
    core_dumps: bool = Field(
        False,
        description="Let processes that crash write their memory to disk: it holds every secret"
        " that they knew.",
    )
    audit: bool = Field(
        False,
        description="Record, by auditd, changes of accounts, sudo, SSH and the clock, and programs"
        " that people start as root. Off by default, as it costs a few percent and the records"
        " are of use only if somebody reads them. Of no effect in a container.",
    )
    banner: str = Field(
        "Authorized users only. What you do here is recorded.",
        pattern=r"^[^\x00\\]*$",
        description="What somebody who connects reads before logging in.",
    )
