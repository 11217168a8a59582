"""Names and other values that settings of a database are made of."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

SECOND = "_b"  # ends the name of the application's second login
MAX_NAME_BYTES = 63  # PostgreSQL's NAMEDATALEN - 1

# Roles that belong to PostgreSQL, to PgBouncer or to SQL itself.
_RESERVED = frozenset(
    {"metrics-postgres", "postgres", "pgbouncer", "public", "none", "all", "current_user"}
)


def _fits(name: str) -> str:
    if len(name.encode()) > MAX_NAME_BYTES:
        raise ValueError(f"must have at most {MAX_NAME_BYTES} bytes")
    return name


def _free(name: str) -> str:
    if name.lower() in _RESERVED or name.lower().startswith("pg_"):
        raise ValueError(f"must not be {name}, which PostgreSQL or PgBouncer uses itself")
    return name


def _own(name: str) -> str:
    if name in ("postgres", "template0", "template1", "pgbouncer"):
        raise ValueError(f"must not be {name}, which PostgreSQL or PgBouncer uses itself")
    return name


# Quoted wherever it is written, so any character but a control character will do.
RoleName = Annotated[
    str,
    StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$"),
    AfterValidator(_fits),
    AfterValidator(_free),
]
# PgBouncer's configuration takes nothing else as a key.
DatabaseName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_-]*$", max_length=MAX_NAME_BYTES),
    AfterValidator(_own),
]
Extension = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_-]*$")]
Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]+$")]
PackageName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9+.{}-]*[a-z0-9+.}]$")]
HostPath = Annotated[str, StringConstraints(pattern=r"^/[^\s']+$")]
