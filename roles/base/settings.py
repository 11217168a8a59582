"""What an environment says about the host itself."""

import re
import zoneinfo
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from roles.core.model import Package, Section

_KEY = re.compile(
    r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-ssh-ed25519@openssh\.com"
    r"|sk-ecdsa-sha2-nistp256@openssh\.com) [A-Za-z0-9+/]{60,}={0,3}( [^\n]*)?"
)


def _public_key(line: str) -> str:
    if not _KEY.fullmatch(line):
        raise ValueError("is not one line of a public key file, like 'ssh-ed25519 AAAA… name'")
    return line


def _zone(name: str) -> str:
    # An operator's machine without a time zone database cannot tell right from wrong.
    known = zoneinfo.available_timezones()
    if known and name not in known:
        raise ValueError("is not a time zone name, like 'Europe/Berlin'")
    return name


def _not_root(name: str) -> str:
    if name == "root":
        raise ValueError("must not be root, who never logs in; name the person")
    return name


PublicKey = Annotated[str, AfterValidator(_public_key)]
UserName = Annotated[
    str, StringConstraints(pattern=r"^[a-z_][a-z0-9_-]{0,30}$"), AfterValidator(_not_root)
]
Server = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]+$")]


class Base(Section):
    """Time, locale, administrators, upgrades, swap and the kernel's limits."""

    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        "Etc/UTC",
        pattern=r"^[A-Za-z0-9_+/-]+$",
        description="Time zone, as in /usr/share/zoneinfo. UTC has no hour that happens twice.",
    )
    locale: str = Field(
        "C.UTF-8",
        pattern=r"^(C|[a-z]{2,3}_[A-Z]{2})\.UTF-8$",
        description="System locale, always UTF-8. C.UTF-8 sorts the same on every release,"
        " so an upgrade of the system never corrupts a database index.",
    )
    hostname: str | None = Field(
        None,
        pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",
        description="Host name, one label. Left as it is when not set.",
    )
    admins: dict[UserName, Annotated[tuple[PublicKey, ...], Field(min_length=1)]] = Field(
        {},
        description="Administrators: user name = list of SSH public keys. Each gets sudo without"
        " a password; a key or name that leaves this list loses its access.",
    )
    packages: tuple[Package, ...] = Field(
        (), description="Further Debian packages that the host needs, by name."
    )
    take_over: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_.-]{1,64}(/[A-Za-z0-9_.-]{1,64})?$",
        description="Whose host this run may take, as the refusal names it:"
        " ENVIRONMENT/APPLICATION, `unmanaged` for a host with sites or data of others, which it"
        " ends, or `forgotten` for this environment's own that lost /var/lib/readyhost. For"
        " --data only.",
    )
    connections: int = Field(
        3000,
        ge=100,
        le=100_000,
        description="Concurrent client connections that the kernel's queues and the open-file"
        " limits are sized for, connections.",
    )
    swap_mb: int | None = Field(
        None,
        ge=0,
        le=65_536,
        description="Swap file, MiB; 0 for none. Computed when not set: as large as the RAM,"
        " at most 2048, enough to park what is never used and too little to thrash in.",
    )
    ntp_servers: tuple[Server, ...] = Field(
        (),
        description="Time servers, names or addresses, besides the distribution's pool and"
        " those that DHCP names.",
    )
    clocks_apart_seconds: int = Field(
        10,
        ge=1,
        le=86_400,
        description="By how much the clocks of the host and of the machine that a run comes from"
        " may differ, seconds, before the run says so. Kept clocks differ by less than one.",
    )
    security_upgrades: bool = Field(
        True, description="Install security upgrades every day, unattended."
    )
    reboot_after_upgrades: bool = Field(
        False,
        description="Reboot by itself when an upgrade asks for it (a kernel does). Off, because"
        " a single host is away for the length of a boot; turn it on, or reboot by hand.",
    )
    reboot_time: str = Field(
        "04:30",
        pattern=r"^([01]\d|2[0-3]):[0-5]\d$",
        description="When such a reboot happens, HH:MM in the host's time zone.",
    )
    apt_lock_timeout_seconds: int = Field(
        600,
        ge=10,
        le=3600,
        description="How long to wait for another package manager, seconds. A new server's"
        " first unattended upgrade can hold the lock for minutes.",
    )
