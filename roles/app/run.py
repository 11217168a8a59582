"""What an environment says about commands that its operators run in the application's place."""

from typing import Annotated

from pydantic import Field

from roles.core.model import Section


class Run(Section):
    """Limits of one command (`readyhost ENV run`, `shell`, `psql`, `redis-cli`)."""

    memory_max_mb: Annotated[int, Field(ge=64)] | None = Field(
        None,
        description="Memory at which a command is killed, MiB. When not set 512, or half of the"
        " application's whole share on a smaller host. Where that is used up altogether a command"
        " goes before what serves.",
    )
    cpu_quota_percent: int = Field(
        100,
        ge=10,
        description="CPU time a command may use, percent of one core: visitors do not wait for it.",
    )
    timeout_seconds: int = Field(
        14_400,
        ge=1,
        le=604_800,
        description="Longest time of a command, an idle shell included, seconds; ended after it."
        " Four hours: an import has its time, and nobody's forgotten shell stays for days.",
    )
    record_months: int = Field(
        12,
        ge=1,
        le=120,
        description="How long the record of who ran what (commands.jsonl) is kept, months: a year,"
        " as audits ask for.",
    )
