"""Settings that a process seems to miss, told from what it said before it ended."""

from __future__ import annotations

import re

_EXTENSION = (
    'the host makes extensions, the application may not: set postgres.extensions = ["{0}"]'
    " (apps.NAME.database.extensions of several)"
)
# What an application misses of PostgreSQL where nobody has made the extension that brings it.
_BROUGHT = {
    "uuid-ossp": r"function uuid_generate_v\d\w*\(.*\) does not exist",
    "pgcrypto": r"function (?:gen_random_bytes|gen_salt|crypt|digest)\(.*\) does not exist",
    "pg_trgm": r"function (?:word_)?similarity\(.*\) does not exist|operator class .g\w+_trgm_ops",
    "unaccent": r"function unaccent\(.*\) does not exist|dictionary .unaccent. does not exist",
    "citext": r"type .citext. does not exist",
    "hstore": r"type .hstore. does not exist|hstore type not found",
}

# What frameworks and clients write, and what to do about it; {0} is what the sign has in brackets.
SIGNS = (
    (
        # Node.js calls it ENOENT where it is to make the folders above as well.
        r"Read-only file system|\bEROFS\b|\bENOENT\b.*\bmkdir\b",
        "where it runs a release is read-only: have it write below UPLOADS_DIR or in /tmp, and"
        " print what it logs; app.hooks.after_build makes the files that belong to the release",
    ),
    (
        r"no permissions to run the '([a-z|-]+)' command",
        "Redis keeps what may harm from the application; if it is to have it, set"
        ' redis.allow_commands = ["{0}"]',
    ),
    (
        r"\bNOAUTH\b|\bAuthentication required\b",
        "Redis asks for its password: have it read REDIS_URL, or set app.names to give it"
        " {{redis.url}} or {{redis.password}} under the name that it reads",
    ),
    (
        r"\.s\.PGSQL\.5432|no password supplied|client password must be a string"
        r"|\b(?:ECONNREFUSED|refused)\b.*\b5432\b",
        "it looks for a database elsewhere: have it read DATABASE_URL, or set app.names to give it"
        " {{database.url}} or its parts under the names that it reads",
    ),
    (
        r"[Aa]ddress already in use|\bEADDRINUSE\b",
        "another process has the port that it chose: have a web process listen on the path in"
        " SOCKET or the number in PORT, of which each has its own; a worker waits until the former"
        " release's has gone (docs/processes.md: a port of a worker's own)",
    ),
    (
        # node-postgres prints the reason first, and more lines after it than are shown.
        r"function extensions\.only_listed\(\)",
        "the host makes extensions, the application may not: name the one that it creates in"
        " postgres.extensions (apps.NAME.database.extensions of several)",
    ),
    (r'permission denied to create extension "([\w-]+)"', _EXTENSION),
    *((sign, _EXTENSION.format(name)) for name, sign in _BROUGHT.items()),
)


def hints(said: list[str]) -> list[str]:
    """What to set or to change, a line each, for the last lines of a process.

    >>> hints(["NoPermissionError: this user has no permissions to run the 'flushdb' command"])
    ['Redis keeps what may harm from the application; if it is to have it, set redis.allow_commands\
 = ["flushdb"]']
    """
    text = "\n".join(said)
    found = ((re.search(sign, text), advice) for sign, advice in SIGNS)
    return [advice.format(*match.groups()) for match, advice in found if match]
