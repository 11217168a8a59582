"""What every role's settings are made of."""

import re
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from . import cron, kinds

MIN_SECRET_LENGTH: Final = 16

# What people leave in a secret's place: removed from a value, so little is left that the value is
# one of these, or a few of them in a row.
_PLACEHOLDERS: Final = (
    "abcdefghijklmnopqrstuvwxyz abcdefghijklmnop abcdefgh abcdef 0123456789 1234567890 123456789 "
    "12345678 123456 qwertyuiop qwerty letmein changeme changeit replaceme generateme fixme todo "
    "change replace generate insert enter place holder default insecure secure super secret "
    "password passwd passphrase example sample dummy demo test your this that with value string "
    "key here token admin root user postgres postgresql redis django flask fastapi production "
    "staging please must should before deploy random long not use and the foo bar baz hunter2 "
    "correct horse battery staple me it in to my"
).split()
_PLACEHOLDER: Final = re.compile("|".join(sorted(_PLACEHOLDERS, key=len, reverse=True)))
_LEFT_OF_A_PLACEHOLDER: Final = 4
_MIN_DIFFERENT: Final = 8


class Section(BaseModel):
    """One role's part of the settings: no unknown key, no change after validation, no echo of
    what was typed in an error message."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
        # Built once as a part of Settings, and not before by itself: a quarter of a start.
        defer_build=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _same_kind(cls, value: Any, info: ValidationInfo) -> Any:
        field = cls.model_fields[str(info.field_name)]
        kinds.refuse(value, field.annotation, field.metadata)
        return value


def section(description: str, **more: Any) -> Any:
    """The field of a part that may stay away: it is valid without any value. As an empty table, for
    an instance would have that part's model built by itself, beside the whole: 50 of them are a
    tenth of a start. more: of pydantic's Field."""
    return Field({}, description=description, **more)


Lines = Annotated[str, kinds.LINES]
"""A text that may have several lines."""

Value = Annotated[str, kinds.ANYTHING]
"""A variable's value: any character but NUL."""

SecretValue = Annotated[SecretStr, kinds.ANYTHING]
"""The same of a secret variable."""

Command = Annotated[str, StringConstraints(pattern=r"^[^\n\x00]+$", max_length=2000), kinds.TABS]
"""A shell command, in one line."""

Schedule = Annotated[str, AfterValidator(cron.schedule)]
"""When cron runs something, in the host's time."""

Package = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9+.-]*[a-z0-9+.]$")]
"""A Debian package. apt takes one with a - at its end for one to remove."""


def is_placeholder(value: str) -> bool:
    """Whether a secret is a documented default or an example rather than a secret."""
    letters = re.sub(r"[^a-z0-9]", "", value.lower())
    rest, replaced = _PLACEHOLDER.subn("", letters)
    return bool(replaced) and len(rest) <= _LEFT_OF_A_PLACEHOLDER


def _strong(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if not re.fullmatch(r"[\x21-\x7e]*", value):
        raise ValueError("must be printable ASCII without spaces")
    if len(value) < MIN_SECRET_LENGTH:
        raise ValueError(f"must have at least {MIN_SECRET_LENGTH} characters")
    if is_placeholder(value) or len(set(value)) < _MIN_DIFFERENT:
        raise ValueError("is a placeholder or a known default; make one: openssl rand -hex 32")
    return secret


Secret = Annotated[SecretStr, AfterValidator(_strong)]
"""A secret that guards something: at least 16 printable ASCII characters, no known default.

Any of them may occur, quotes, backslash, `$`, `@` and `%` included: who writes it into a URL, an
SQL statement or a file quotes it for that place. A value that may be short, empty or anybody's (an
error tracker's address, an application's own variable) is a plain ``SecretStr``.
"""
