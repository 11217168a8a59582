"""The checklist, the tests and the settings speak of the same things."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import settings
from tests.support.readiness import commands, lines, missing

TESTS = Path(__file__).parents[2]
NAMED = re.compile(r"def test_([A-Z]+)_([0-9]{2})_")
# Its proof is the workflows' own test.
ELSEWHERE = {"REL-05"}


def proved() -> set[str]:
    """Ids that tests on real hosts are named after."""
    return {
        f"{name}-{number}"
        for path in TESTS.rglob("test_*.py")
        if "unit" not in path.parts
        for name, number in NAMED.findall(path.read_text())
    }


def test_each_line_has_a_test_and_each_test_a_line() -> None:
    assert set(lines()) - ELSEWHERE == proved() - ELSEWHERE


def test_what_is_missing_is_not_promised() -> None:
    assert missing()
    assert not missing() & (set(lines()) | proved())


def test_each_look_is_at_a_line() -> None:
    assert {name for name, _ in commands("shop.example")} <= set(lines())


def test_its_settings_are_there() -> None:
    for name, keys in lines().items():
        for key in keys:
            assert known(settings.Settings, key.split(".")), f"{name}: {key}"


def known(model: Any, path: list[str]) -> bool:
    """Whether a model has a setting of that name."""
    fields = getattr(model, "model_fields", {})
    if path[0] not in fields:
        return False
    if len(path) == 1:
        return True
    annotation = fields[path[0]].annotation
    inner = [annotation, *getattr(annotation, "__args__", ())]
    return any(known(one, path[1:]) for one in inner)
