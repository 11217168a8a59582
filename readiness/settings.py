"""What a team says about its own report."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from roles.core.model import Section

from .catalogue import BY_ID


def _known(id: str) -> str:
    if id not in BY_ID:
        raise ValueError("is no line of docs/readiness.md")
    return id


LineId = Annotated[str, AfterValidator(_known)]


class Waiver(Section):
    """A line that is not wanted for now."""

    reason: Annotated[str, StringConstraints(min_length=10, max_length=200)] = Field(
        description="Why, in a sentence; the report shows it."
    )
    until: date = Field(
        description="The last day of it. From the next day on the line counts again."
    )


class Report(Section):
    """The readiness report."""

    waivers: dict[LineId, Waiver] = Field(
        {}, description="Lines of docs/readiness.md that are not wanted for now, by id."
    )
    fail_on: Literal["false", "unknown"] = Field(
        "unknown",
        description="What ready.py ends with another exit status than 0 for: false, what is false"
        " only; unknown, also what could not be looked at.",
    )
    format: Literal["terminal", "json", "prometheus"] = Field(
        "terminal", description="What ready.py prints. It writes all of them to reports/."
    )
