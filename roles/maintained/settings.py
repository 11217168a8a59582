"""The `maintained` part of an environment's settings."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from roles.core.model import Section

Advisory = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$")]
# Over HTTP somebody on the way could say that all is well.
_URL = r"^(https://[\x21-\x7e]+)?$"


class Maintained(Section):
    """The regular look whether what runs still gets fixes, and has known holes."""

    every: Literal["daily", "weekly"] = Field(
        "weekly", description="How often it is looked. Also some hours after each boot."
    )
    warn_days: int = Field(
        90,
        ge=0,
        le=1000,
        description="A runtime or system that gets no more fixes after so long is a warning, days."
        " A quarter is what a change of the system takes a team that has other things to do.",
    )
    table_days: int = Field(
        365,
        ge=1,
        le=3650,
        description="The table of such ends (roles/maintained/host/ends.json) is itself a warning"
        " when nobody has compared it with its sources for so long, days. New lines come yearly.",
    )
    lists_days: int = Field(
        3,
        ge=1,
        le=90,
        description="apt's lists that are older tell nothing of pending fixes, days; they are"
        " brought up to date daily.",
    )
    audit: bool = Field(
        True,
        description="Ask for known holes in the live release's packages, and certbot's. Names and"
        " versions of the packages leave the host for it, those of your own packages too.",
    )
    python_advisories: str = Field(
        "",
        pattern=_URL,
        description="Where pip-audit asks: the query address of a service that speaks OSV. Empty:"
        " the Python package index, which has its advisories.",
        examples=["https://api.osv.dev/v1/query"],
    )
    node_advisories: str = Field(
        "",
        pattern=_URL,
        description="Registry that npm audit asks. Empty: the one that npm is set up with, for"
        " which a mirror has to pass such questions on.",
    )
    accepted: tuple[Advisory, ...] = Field(
        (),
        description="Advisories that are known and lived with, by CVE, GHSA or PYSEC number: say"
        " in a comment why. They are no longer told.",
        examples=[["GHSA-p6mc-m468-83gw"]],
    )
