"""How long what is over stays, and what one process may."""

from pydantic import Field

from roles.core.model import Section

from ..egress import LINK_LOCAL, Network


class Bounds(Section):
    """How long what is over stays, and what one process may."""

    drain_seconds: int = Field(
        10,
        ge=1,
        le=3600,
        description="Longest time that the former processes may go on with open requests after the"
        " switch before they are told to stop, seconds. They stop as soon as they are idle.",
    )
    warm_seconds: int = Field(
        600,
        ge=0,
        le=86_400,
        description="Time that the web processes of the former release stay after a switch, frozen,"
        " seconds: a rollback until then does not start them. They take no CPU, but their memory;"
        " a host that has too little of it says so and stops them. 0: they stop at once.",
    )
    restart_delay_seconds: float = Field(
        0.2, ge=0.1, le=30, description="Pause before a process that ended is started, seconds."
    )
    open_files: int = Field(
        65_536, ge=1024, le=1_048_576, description="Open files and connections of one process."
    )
    jit: bool | None = Field(
        None,
        description="Let processes write machine code and run it. When not set no for Python,"
        " whose interpreter never does, yes for Node.js and other commands.",
    )
    denied_networks: tuple[Network, ...] = Field(
        LINK_LOCAL,
        description="Networks that no process reaches, CIDR: link-local addresses, where clouds"
        " answer with keys to whoever asks from this host. A host whose /etc/resolv.conf names one"
        " of them needs it left out.",
    )
    tasks_max: int = Field(512, ge=16, description="Processes and threads of one process.")
    keep_releases: int = Field(
        5,
        ge=2,
        le=50,
        description="Built releases that stay on the host, the live one included. With less of them"
        " the next run removes the oldest.",
    )
