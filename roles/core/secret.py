"""The secrets of a settings tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, SecretStr


def secrets_of(value: Any) -> Iterator[SecretStr]:
    """Every secret in `value`: a model, a mapping, a sequence, and what is in them."""
    if isinstance(value, SecretStr):
        yield value
    elif isinstance(value, BaseModel):
        for each in vars(value).values():
            yield from secrets_of(each)
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from secrets_of(each)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from secrets_of(each)
