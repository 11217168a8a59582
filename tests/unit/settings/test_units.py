"""A quantity has its unit as the end of its name."""

from __future__ import annotations

import re

import pytest
from pydantic import BaseModel

from roles.core.environment.keys import dotted, fields
from roles.core.environment.places import KeyPath, place_of
from settings import Settings

UNITS = {
    r"seconds": "seconds",
    r"milliseconds": "ms",
    r"microseconds": "us",
    r"minutes": "minutes",
    r"hours": "hours",
    r"days": "days",
    r"months": "months",
    r"MiB": "mb",
    r"KiB": "kb",
    r"percent": "percent",
    r"%": "percent",
}
"""What a description says after its first comma or at its end, and what the name ends with."""


def _quantities() -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    models: list[tuple[KeyPath, type[BaseModel]]] = [((), Settings)]
    seen: set[type[BaseModel]] = set()
    while models:
        above, model = models.pop()
        for path, field in fields(model, above):
            place = place_of(field)
            inner = place.items.model if place.items else None
            if inner and inner not in seen:
                seen.add(inner)
                models.append(((*path, "NAME"), inner))
            if not re.search(r"\b(int|float)\b", str(field.annotation)):
                continue
            first = re.split(r"[.;:](?= |$)", field.description or "")[0]
            unit = re.search(r", ([a-z]+|MiB|KiB|%)(?: of one core)?$", first)
            if unit and unit[1] in UNITS:
                found[dotted(path)] = UNITS[unit[1]]
    return sorted(found.items())


@pytest.mark.parametrize(("key", "unit"), _quantities())
def test_a_quantity_ends_with_its_unit(key: str, unit: str) -> None:
    assert key.endswith((f"_{unit}", f".{unit}"))


def test_there_are_many() -> None:
    assert len(_quantities()) > 80
