"""Commands of a team's own at the turns of a release."""

from pydantic import Field

from roles.core.model import Command, Section

_BUILD = "Runs as the build user, with the build's variables and no secrets."
_RUN = "Runs as the application's user, with its environment."


class Hooks(Section):
    """Shell commands by the moment they run at, in the release's folder, on each host."""

    before_build: tuple[Command, ...] = Field(
        (),
        description=f"When the files are unpacked, before anything is installed. {_BUILD} A failure"
        " ends the release.",
    )
    after_build: tuple[Command, ...] = Field(
        (), description=f"After the last build step. {_BUILD} A failure ends the release."
    )
    before_switch: tuple[Command, ...] = Field(
        (),
        description=f"When every process is healthy; SOCKETS names those of the web processes."
        f" {_RUN} A failure ends the release, and no user has seen it.",
    )
    after_switch: tuple[Command, ...] = Field(
        (),
        description=f"When the watch is over and the former release has stopped. {_RUN} After a"
        " failure the release stays live, and the run fails.",
    )
    on_failure: tuple[Command, ...] = Field(
        (),
        description="When the release did not become live or was rolled back; REASON says"
        f" why. {_RUN} A failure of its own is only told.",
    )
    timeout_seconds: int = Field(120, ge=1, le=86_400, description="Time for one command, seconds.")
