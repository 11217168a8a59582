"""What the processes of an application are told: their variables."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from roles.core.model import Secret, SecretValue, Section, Value

from .. import names as known
from ..building import Variable

Text = Annotated[Value, AfterValidator(known.check)]


class Variables(Section):
    """What its processes are told."""

    env: dict[Variable, Value] = Field({}, description="Variables of every process, by name.")
    secrets: dict[Variable, SecretValue] = Field(
        {}, description="Secret variables of every process, by name. Secret."
    )
    names: dict[Variable, Text] = Field(
        {},
        examples=[{"POSTGRES_HOST": "{database.host}"}],
        description="Values that readyhost knows, under the application's own names: such as"
        ' POSTGRES_PASSWORD = "{database.password}", or'
        ' DATABASE_URL = "{database.url:postgresql+asyncpg}" for another scheme. In'
        " docs/variables.md is what may stand in braces.",
    )
    secret_key: Secret = Field(description="SECRET_KEY: signs sessions and tokens. Secret.")
    sentry_dsn: SecretStr | None = Field(
        None, description="SENTRY_DSN: where errors are reported; none when not set. Secret."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="LOG_LEVEL of the processes."
    )
    cache_ttl_seconds: int = Field(
        300, ge=0, le=86_400, description="CACHE_TTL: seconds a value is kept."
    )
