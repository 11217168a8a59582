"""What an environment says about its connection pooler."""

from typing import Annotated, Literal

from pydantic import Field, IPvAnyAddress, IPvAnyNetwork, StringConstraints, model_validator

from roles.core.model import Section

Parameter = Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
Path = Annotated[str, StringConstraints(pattern=r"^/[^\s']+$")]


class PgBouncer(Section):
    """How many connections are shared, how, and for how long."""

    pool_mode: Literal["session", "transaction"] = Field(
        "session",
        description="When a server connection goes back to the pool: at the client's end, or at"
        " the end of each transaction. 'transaction' serves many more clients, and costs what"
        " lives longer than a transaction: SET, LISTEN, advisory locks, temporary tables, and"
        " before PgBouncer 1.21 (Ubuntu 24.04) prepared statements, so turn them off in the"
        " driver: prepare_threshold=None in psycopg, statement_cache_size=0 in asyncpg, no name in"
        " node-postgres.",
    )
    pool_size: int = Field(
        80,
        ge=1,
        le=2000,
        description="Server connections for the application's database. The application's pool"
        " must fit into it twice, for two releases while one takes over from the other, and it"
        " into postgres.max_connections less the reserved ones. What is left over is for jobs.",
    )
    max_clients: int = Field(
        1000,
        ge=10,
        le=100_000,
        description="Client connections that are accepted; those beyond the pool wait.",
    )
    queue_timeout_seconds: int = Field(
        15,
        ge=1,
        le=3600,
        description="A client that got no server connection for this long is refused, seconds."
        " Less than the request timeout, so that the application can answer.",
    )
    idle_timeout_seconds: int = Field(
        30, ge=1, le=86_400, description="Idle server connections are closed after this, seconds."
    )
    lifetime_seconds: int = Field(
        3600,
        ge=60,
        le=86_400,
        description="Server connections are replaced after this, seconds, when they are free.",
    )
    check_delay_seconds: int = Field(
        0,
        ge=0,
        le=3600,
        description="A server connection that lay idle for this long is tried before it is given"
        " to a client, seconds; 0 is always. In transaction mode that is a round trip for each"
        " transaction; 5 there is a fair price.",
    )
    retry_after_seconds: int = Field(
        1,
        ge=1,
        le=60,
        description="Next try after a server that refused a connection, seconds: what a restart"
        " of PostgreSQL takes longer than need be.",
    )
    prepared_statements: int = Field(
        200,
        ge=0,
        le=10_000,
        description="Prepared statements a server connection keeps in transaction mode. Only where"
        " PgBouncer is 1.21 or later.",
    )
    ignored_parameters: tuple[Parameter, ...] = Field(
        ("extra_float_digits",),
        description="Parameters that drivers send at connection and that are ignored.",
    )
    port: int = Field(6432, ge=1024, le=65_535, description="TCP port. A change takes a restart.")
    listen: tuple[IPvAnyAddress, ...] = Field(
        (), description="Addresses of this host that listen besides 127.0.0.1. Takes a restart."
    )
    allow: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Networks that may connect, with TLS and SCRAM only. None by default."
    )
    tls_certificate: Path = Field(
        "/etc/ssl/certs/ssl-cert-snakeoil.pem", description="Certificate shown to other hosts."
    )
    tls_key: Path = Field(
        "/etc/ssl/private/ssl-cert-snakeoil.key",
        description="Its private key, readable by the group ssl-cert.",
    )

    @model_validator(mode="after")
    def _consistent(self) -> "PgBouncer":
        if self.allow and not self.listen:
            raise ValueError("allow has no effect without listen")
        if self.max_clients < self.pool_size:
            raise ValueError("max_clients must not be less than pool_size")
        return self
