"""What an environment says about its logs."""

from pydantic import Field

from roles.core.model import Section, section

from .server import Forward


class Logs(Section):
    """How much is kept, and for how long."""

    keep: int = Field(
        14, ge=1, le=365, description="Rotated files that are kept of each log, files."
    )
    days: int = Field(
        30, ge=1, le=365, description="Rotated files older than this are deleted, days."
    )
    rotate_mb: int = Field(
        100,
        ge=1,
        le=10_240,
        description="A log is rotated daily, and within the hour when it is larger than this, MiB.",
    )
    journal_mb: int = Field(
        1024,
        ge=64,
        le=65_536,
        description="The journal's size on the disk, MiB; files that are being written to, of an"
        " eighth each, come on top. It also buffers what the log files have not received yet.",
    )
    message_kb: int = Field(
        64,
        ge=8,
        le=1024,
        description="Longest line, KiB. A stack trace in one JSON line is longer than rsyslog's 8.",
    )
    persist_lines: int = Field(
        200,
        ge=1,
        le=10_000,
        description="rsyslog notes its place in the journal after so many lines; a killed one"
        " writes at most these twice.",
    )
    forward: Forward = section("Where a copy of every line goes, if anywhere.")
