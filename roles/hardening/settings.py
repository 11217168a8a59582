"""What an environment says about the host's defences."""

from typing import Annotated

from pydantic import Field, StringConstraints

from roles.core.model import Lines, Section

Module = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$")]


class Hardening(Section):
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
    strict_paths: bool | None = Field(
        None,
        description="Drop packets whose answer would leave by another interface than they came by,"
        " so that nobody speaks with an address of a network elsewhere. Left out: yes, but on a"
        " host with more than one uplink only those to which no way leads back at all. Set to true"
        " there, it cuts off whoever comes by one uplink and is answered by another.",
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
    verify_packages: bool = Field(
        True,
        description="Compare the files of packages with what was shipped, by debsums, once a week;"
        " what was changed behind the package manager's back is in the mail of root and the log.",
    )
    hashing_rounds: int = Field(
        65_536,
        ge=5000,
        le=1_000_000,
        description="Rounds of hashing a password that is set from now on. Somebody who got hold of"
        " the hashes tries fewer of them.",
    )
    passphrase_length: int = Field(
        14,
        ge=0,
        le=64,
        description="Least length of a password that somebody gives himself, characters; words of a"
        " dictionary and turns of the old password are refused too. 0: no rules. SSH takes keys"
        " only, so such a password is for the provider's console.",
    )
    passphrase_min_days: int = Field(
        1,
        ge=0,
        le=30,
        description="How long a new password lasts before its owner may change it again, days, so"
        " that nobody goes straight back to the old one. For accounts made from now on.",
    )
    package_news: bool = Field(
        True,
        description="Show who upgrades packages by hand what their makers say of the new versions,"
        " as text and without a question (apt-listchanges). Unattended upgrades show and mail"
        " nothing.",
    )
    idle_shell_seconds: int = Field(
        3600,
        ge=0,
        le=86_400,
        description="When a shell that nobody types into logs out, seconds. A terminal that was"
        " forgotten is an open door. 0: never.",
    )
    banner: Lines = Field(
        "Private system, for authorized users only. Access is monitored and recorded; what is"
        " prohibited here is prosecuted by law.",
        pattern=r"^[^\x00\\]*$",
        description="What somebody who connects reads before logging in.",
    )
