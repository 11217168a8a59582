"""Addresses of services, taken apart. An error names no part of one: it holds a password."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from pydantic import SecretStr

VERIFIED = "verify-full"


@dataclass(frozen=True)
class Place:
    """Where a service is, and as whom to log in there. name: of the database."""

    host: str
    port: int
    user: str
    password: SecretStr
    name: str


def database(url: SecretStr) -> Place:
    """PostgreSQL's. Raises ValueError for what is none, or asks for less than verified TLS."""
    parts, query = _parts(url, ("postgres", "postgresql"))
    mode = query.pop("sslmode", VERIFIED)
    # `require` is what providers print; here it means more, and what means less is refused.
    if mode not in ("require", "verify-ca", VERIFIED):
        raise ValueError("url: sslmode must be verify-full: TLS is always verified")
    query.pop("channel_binding", None)
    if query:
        raise ValueError(f"url: {', '.join(sorted(query))}: only sslmode may be said there")
    place = _place(parts, 5432, "the database")
    if not place.name or "/" in place.name:
        raise ValueError("url: must name one database")
    return place


def redis(url: SecretStr) -> Place:
    """Redis'. Raises ValueError for what is none, or is not by TLS."""
    parts, query = _parts(url, ("rediss",))
    if query:
        raise ValueError("url: nothing may follow the number of the database")
    place = _place(parts, 6379, "Redis", user="default")
    if not place.name.isdigit() and place.name:
        raise ValueError("url: the database is a number")
    return place


def mongo(uri: SecretStr) -> None:
    """Accept MongoDB's. Raises ValueError for what is none, or is not by TLS."""
    parts, query = _parts(uri, ("mongodb", "mongodb+srv"), name="uri")
    if not parts.username or not parts.password:
        raise ValueError("uri: must have a user and a password")
    said = {key.lower(): value.lower() for key, value in query.items()}
    tls = said.get("tls", said.get("ssl", "true" if parts.scheme == "mongodb+srv" else "false"))
    weak = {"tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames"} & set(said)
    if tls != "true" or weak:
        raise ValueError("uri: must be by TLS that is verified: mongodb+srv://, or ?tls=true")
    if "maxpoolsize" in said:
        raise ValueError("uri: maxPoolSize is app.mongodb.pool; leave it out")


def password(url: SecretStr) -> str:
    """The password in an address."""
    return unquote(urlsplit(url.get_secret_value()).password or "")


def with_query(url: SecretStr, **values: str) -> SecretStr:
    """The same address, with further values in its query."""
    parts = urlsplit(url.get_secret_value())
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **values}
    path = parts.path or "/"
    return SecretStr(urlunsplit(parts._replace(path=path, query=urlencode(query, safe="/"))))


def encoded(text: str) -> str:
    """A part of an address."""
    return quote(text, safe="")


def _parts(
    url: SecretStr, schemes: tuple[str, ...], name: str = "url"
) -> tuple[SplitResult, dict[str, str]]:
    text = url.get_secret_value()
    try:
        parts = urlsplit(text)
        good = bool(parts.netloc) and parts.scheme in schemes
    except ValueError:
        good = False
    if not good or parts.fragment or any(not " " < c < "\x7f" for c in text):
        raise ValueError(
            f"{name}: must be {' or '.join(f'{each}://' for each in schemes)}…; what is special in"
            " a user or password is percent-encoded"
        )
    return parts, dict(parse_qsl(parts.query, keep_blank_values=True))


def _place(parts: SplitResult, port: int, what: str, user: str = "") -> Place:
    try:
        number = parts.port or port
    except ValueError:
        raise ValueError("url: the port is a number") from None
    who, password = unquote(parts.username or user), unquote(parts.password or "")
    if not parts.hostname or not who or not password:
        raise ValueError(f"url: must have a host, a user and a password of {what}")
    name = unquote(parts.path.lstrip("/"))
    if any(bad in value for value in (who, password, name) for bad in "\n\r\0"):
        raise ValueError("url: a line break in it")
    return Place(parts.hostname, number, who, SecretStr(password), name)
