"""What an environment says about how its hosts are reached."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from roles.core.model import Section


class Ssh(Section):
    """How the operator's machine reaches the hosts."""

    user: str = Field(
        "root",
        pattern=r"^[a-z_][a-z0-9_-]{0,30}$",
        description="Account to log in with: root, or one that may use sudo without a password.",
    )
    port: int = Field(22, ge=1, le=65_535, description="TCP port of the hosts' SSH server.")
    key: Path | None = Field(
        None,
        description="Private key file. The SSH agent and ~/.ssh are asked when not set.",
    )
    known_hosts: Path | None = Field(
        None,
        description="File with the hosts' public keys, the only ones that are accepted."
        " inventories/NAME.known_hosts when not set.",
    )
    wait_seconds: int = Field(
        10,
        ge=0,
        le=3600,
        description="How long a run waits for another one on the same host before it gives up,"
        " having changed nothing, seconds. One whose connection was lost is waited for by itself.",
    )
    confirm_within_seconds: int = Field(
        60,
        ge=20,
        le=600,
        description="Time in which a change of the SSH server, the firewall or the administrators"
        " has to be confirmed over a new connection, seconds; after that the host undoes it. A run"
        " confirms by itself.",
    )
