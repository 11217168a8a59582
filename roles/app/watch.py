"""When a release that has been switched to is rolled back."""

from pydantic import Field

from roles.core.model import Section


class Watch(Section):
    """What a release is watched for after the switch, the former one running on beside it. One
    that goes bad is rolled back, and the run fails with the reason."""

    seconds: int = Field(
        20,
        ge=0,
        le=3600,
        description="Time a release is watched, seconds; the run takes as much longer. 20 show a"
        " process that dies after 10 s, and one that takes its memory at 50 MiB a second. 0: not"
        " at all. The first release never is, nor a rollback: there is nothing good to go back to.",
    )
    interval_seconds: float = Field(
        1.0,
        ge=0.2,
        le=60,
        description="Time between two looks, seconds. For about as long users see a process that"
        " died.",
    )
    restarts: int = Field(
        0,
        ge=0,
        le=1000,
        description="How often the processes, workers included, may end in that time, all counted"
        " together.",
    )
    failures: int = Field(
        2,
        ge=1,
        le=100,
        description="Looks in a row at which one web process fails its health check until the"
        " release is bad.",
    )
    errors_percent: float = Field(
        5.0,
        ge=0,
        le=100,
        description="Share of 5xx in the answers that Nginx logs, percent, above what it was in as"
        " long a time before the switch.",
    )
    requests: int = Field(
        20, ge=1, description="Answers below which their share of 5xx says nothing."
    )
