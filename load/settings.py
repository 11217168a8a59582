"""What an environment says about load tests."""

from __future__ import annotations

from pydantic import Field

from roles.core.model import Section


class Load(Section):
    """Load tests (`readyhost ENV load`)."""

    allowed: bool = Field(
        False,
        description="Whether this environment may be loaded without its name typed or `--yes NAME`:"
        " true for staging, never for where visitors are.",
    )
    abort_errors_percent: float = Field(
        5.0,
        gt=0,
        le=100,
        description="Errors among the answers of the last two seconds at which a test ends, %.",
    )
    abort_disk_percent: float = Field(
        90.0,
        ge=1,
        le=100,
        description="How full the host's disk may become before a test ends, %: logs grow.",
    )
