"""A command line as the record keeps it: what looks like a secret is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

HIDDEN = "***"
_NAME = r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_]?key|key|auth|credential|dsn)s?"
# --password VALUE, -p needs a name to be known; --db-password=VALUE; SECRET_KEY=VALUE
_OPTION = re.compile(rf"^-{{1,2}}(?:[\w-]*[-_])?{_NAME}$", re.IGNORECASE)
_ASSIGNED = re.compile(rf"^(-{{0,2}}(?:[\w.-]*[-_.])?{_NAME}\s*[=:])(.+)$", re.IGNORECASE | re.S)
_URL = re.compile(r"([a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@", re.IGNORECASE)
# Long and without a word in it: a key by itself.
_RANDOM = re.compile(
    r"(?<![\w+/=-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[A-Za-z0-9+/_=-]{32,}(?![\w+/=-])"
)
_WITHIN = re.compile(
    rf"((?:[\w.-]*[-_.])?{_NAME}[\"']?\s*[=:]\s*[\"']?)[^\s\"',;)]+", re.IGNORECASE
)


def arguments(command: Sequence[str]) -> list[str]:
    """`command` with what looks like a secret replaced."""
    shown, after = [], False
    for argument in command:
        shown.append(HIDDEN if after else _masked(argument))
        after = bool(_OPTION.match(argument))
    return shown


def _masked(argument: str) -> str:
    if match := _ASSIGNED.match(argument):
        return f"{match[1]}{HIDDEN}"
    text = _URL.sub(rf"\g<1>{HIDDEN}@", argument)
    return _RANDOM.sub(HIDDEN, _WITHIN.sub(rf"\g<1>{HIDDEN}", text))
