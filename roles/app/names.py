"""Values under the application's own names: `[app.names]`, texts with `{database.host}` in them.

Most applications read DATABASE_URL and REDIS_URL. One that reads other names, or wants another
scheme, gets the same values under its names, and no secret is written twice into the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import SecretStr

Value = str | SecretStr

DIRECT = "database.direct."
"""Straight to PostgreSQL. Release steps alone get it: the budget counts the pool's connections."""

DATABASE = ("url", "host", "port", "user", "password", "name")
REDIS = ("url", "host", "port", "user", "password", "database", "prefix")
STORAGE = ("bucket", "endpoint", "region", "prefix", "path_style", "key", "secret", "ca_file")
KEYS = frozenset(
    {
        *(f"database.{part}" for part in DATABASE),
        *(f"{DIRECT}{part}" for part in DATABASE),
        *(f"redis.{part}" for part in REDIS),
        *("domain", "domains", "origin", "origins", "environment", "release", "commit"),
        *("secret_key", "uploads"),
        # of services elsewhere alone
        *("database.ca_file", "redis.ca_file", "mongodb.uri", "mongodb.pool"),
        *(f"storage.{part}" for part in STORAGE),
    }
)
"""What a text may name. `domains` and `origins`: aliases too, separated by commas."""

# Whoever changes these breaks the process that reads them.
FIXED = frozenset({"SOCKET", "PORT", "PATH", "HOME", "USER", "INSTANCE"})
ENCODED = "url"  # {redis.password:url}: percent-encoded, for a place in a URL

# Long enough for whoever checks the length of a key.
GUARDS_NOTHING = "build-time-value-that-guards-nothing-at-all-0123456789"
_THROWAWAY = {
    "url": "postgresql://build:build@127.0.0.1:1/build",
    "host": "127.0.0.1",
    "port": "1",
    "database": "0",
    "uri": "mongodb://build:build@127.0.0.1:1/build",
    "endpoint": "https://127.0.0.1:1",
}


def check(text: str) -> str:
    """Accept the text of a name. Raises ValueError that says what is wrong in it."""
    for key, form in _parts(text):
        if key not in KEYS:
            raise ValueError(f"there is no {{{key}}}; there are {', '.join(sorted(KEYS))}")
        if form and not key.endswith(".url") and form != ENCODED:
            raise ValueError(f"{{{key}:{form}}}: a value that is no URL can only be {{{key}:url}}")
    return text


def conflict(names: Mapping[str, str], others: Mapping[str, object]) -> str:
    """What is wrong with the names themselves, beside variables set elsewhere; empty if nothing."""
    fixed = sorted(name for name in names if name.upper() in FIXED)
    twice = sorted(name for name in names if name in others)
    if fixed:
        return f"{', '.join(fixed)}: each process has its own; leave it out of names"
    return f"{', '.join(twice)}: in names, and in env or secrets" if twice else ""


def resolve(text: str, values: Mapping[str, Value]) -> Value:
    """`text` with `values` by key in it; secret as soon as one of them is.

    `{database.url:postgresql+asyncpg}` is the URL with that scheme, `{redis.password:url}` the
    value percent-encoded, `{{` a brace.
    """
    pieces, secret = [], False
    for literal, key, form, _ in Formatter().parse(text):
        pieces.append(literal)
        if key is None:
            continue
        value = values[key]
        secret = secret or isinstance(value, SecretStr)
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        pieces.append(_formed(plain, key, form or ""))
    whole = "".join(pieces)
    return SecretStr(whole) if secret else whole


def unknown(text: str, values: Mapping[str, object]) -> list[str]:
    """What `text` names of the roles' `values` and an application has not."""
    shared = ("database.", "redis.", "mongodb.", "storage.")
    return [key for key, _ in _parts(text) if key.startswith(shared) and key not in values]


def of_all(names: Mapping[str, str]) -> dict[str, str]:
    """The names that every process gets."""
    return {name: text for name, text in names.items() if not _direct(text)}


def of_release_steps(names: Mapping[str, str]) -> dict[str, str]:
    """The names that only release steps get."""
    return {name: text for name, text in names.items() if _direct(text)}


def placeholders(names: Mapping[str, str], secrets: Mapping[str, object]) -> dict[str, str]:
    """What a build sees in the place of values that it must not know: nothing answers there.

    Frameworks want a SECRET_KEY or a DATABASE_URL to be set before they collect static files.
    """
    fake = {key: _THROWAWAY.get(key.split(".")[-1], GUARDS_NOTHING) for key in KEYS}
    fake["redis.url"] = "redis://build:build@127.0.0.1:1/0"
    fake["domain"] = fake["domains"] = "localhost"
    fake["origin"] = fake["origins"] = "https://localhost"
    usual = {"DATABASE_URL": "{database.url}", "REDIS_URL": "{redis.url}"}
    texts = {"SECRET_KEY": "{secret_key}", **usual, **dict.fromkeys(secrets, "{secret_key}")}
    return {name: str(resolve(text, fake)) for name, text in {**texts, **names}.items()}


def _direct(text: str) -> bool:
    return any(key.startswith(DIRECT) for key, _ in _parts(text))


def _formed(value: str, key: str, form: str) -> str:
    if not form:
        return value
    if not key.endswith(".url"):
        return quote(value, safe="")
    return urlunsplit(urlsplit(value)._replace(scheme=form))


def _parts(text: str) -> list[tuple[str, str]]:
    """Key and form of each place in `text`. Raises ValueError where it is no text of names."""
    try:
        parsed = list(Formatter().parse(text))
    except ValueError as error:
        raise ValueError(f"{error}; a brace of its own is written twice") from None
    if any(conversion for *_, conversion in parsed):
        raise ValueError("has a !; only {key} and {key:form} are known")
    return [(key, form or "") for _, key, form, _ in parsed if key is not None]
