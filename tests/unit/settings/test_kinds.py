"""A value of another kind than its setting's is refused, whatever the setting; so is a NUL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from roles.app.hooks import Hooks
from roles.core import cron, kinds
from roles.core.model import Package, Schedule, Section
from settings import Settings
from tests.unit.environments import settings


def sections(model: type[BaseModel] = Settings) -> Iterator[type[Section]]:
    """Every table of the settings."""
    for field in model.model_fields.values():
        for leaf in kinds._leaves(field.annotation):
            if isinstance(leaf, type) and issubclass(leaf, Section):
                yield leaf
                yield from sections(leaf)


FIELDS = sorted(
    {(table, name) for table in sections() for name in table.model_fields},
    key=lambda field: (field[0].__module__, field[0].__qualname__, field[1]),
)


def test_HOST_09_there_are_tables_to_look_at() -> None:
    assert len(FIELDS) > 150


@pytest.mark.parametrize(("table", "name"), FIELDS)
def test_HOST_09_a_yes_or_no_is_no_number_and_no_text(table: type[Section], name: str) -> None:
    leaves = kinds._leaves(table.model_fields[name].annotation)
    if bool in leaves or Any in leaves:
        return
    for value in (True, False, [True]):
        assert _refused(table, name, value), value


@pytest.mark.parametrize(("table", "name"), FIELDS)
def test_HOST_09_a_number_is_no_yes_and_no_text(table: type[Section], name: str) -> None:
    if kinds._leaves(table.model_fields[name].annotation) & {int, float, Any}:
        return
    for value in (0, 1, 5.5, [5]):
        assert _refused(table, name, value), value


@pytest.mark.parametrize(("table", "name"), FIELDS)
def test_HOST_09_no_text_has_a_nul(table: type[Section], name: str) -> None:
    for value in ("a\0b", ["a\0b"], {"a": "a\0b"}):
        assert _refused(table, name, value), value


FREE = {
    *((table, name) for table in ("App", "Application") for name in ("env", "names", "secrets")),
    ("Build", "env"), ("Http", "env"), ("Job", "env"), ("PartBuild", "env"), ("Web", "env"),
    ("Worker", "env"),
}  # fmt: skip
IN_ONE = {  # in one line: commands
    *(("Hooks", name) for name in Hooks.model_fields if name != "timeout_seconds"),
    *((table, "command") for table in ("Http", "Job", "Web", "Worker")),
    *((table, name) for table in ("App", "Application") for name in ("release_steps", "purge")),
    *((table, "steps") for table in ("Build", "PartBuild")),
}
MAY = {**dict.fromkeys(IN_ONE, "\t"), ("Hardening", "banner"): "\n\t"}
TURNING = "\u202a\u202e\u2066\u2069"
CONTROL = st.one_of(
    st.characters(categories=["Cc", "Zl", "Zp"], exclude_characters="\0"),
    st.sampled_from(TURNING),
)


@pytest.mark.parametrize(("table", "name"), FIELDS)
@given(character=CONTROL, around=st.text("ab-", max_size=2))
@hypothesis.settings(max_examples=8, deadline=None)
def test_HOST_09_what_nobody_sees_is_in_no_text(
    table: type[Section], name: str, character: str, around: str
) -> None:
    """But in values of variables, which are the application's; blanks in commands and lines."""
    place = (table.__name__, name)
    may = place in FREE or character in MAY.get(place, "")
    text = f"{around}{character}a"
    taken = [v for v in (text, [text], {"a": text}, {"A": text}) if not _refused(table, name, v)]
    assert bool(taken) == may, taken


def _refused(table: type[Section], name: str, value: Any) -> bool:
    """By the table itself, at this very key: others may be missing."""
    try:
        table.model_validate({name: value})
    except ValidationError as error:
        return any(each["loc"][:1] == (name,) for each in error.errors())
    return False


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_HOST_09_a_time_of_cron_is_within_its_fields(numbers: list[int]) -> None:
    text = " ".join(map(str, numbers))
    within = all(
        low <= number <= high for number, (_, low, high) in zip(numbers, cron.FIELDS, strict=True)
    )
    if within:
        assert cron.schedule(text) == text
    else:
        with pytest.raises(ValueError, match="outside of"):
            cron.schedule(text)


@given(st.sampled_from("\n\r\t\v\f\x1b\x85\u2028"), st.integers(0, 9))
def test_HOST_09_no_schedule_breaks_its_line(character: str, place: int) -> None:
    text = "0 0 * * *"
    with pytest.raises(ValueError, match=r"is none|is not a time"):
        cron.schedule(text[:place] + character + text[place:])
    with pytest.raises(ValueError, match=r"is none|is not a time"):
        cron.schedule(text[:place] + character + text[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        *("0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31 2-2 *", "0 0 30 2 */2"),
        *("0 0 * * * *", "x 0 * * *", "5/2 * * * *", "0 0 * * sun1", "\u0663 0 * * *"),
    ],
)
def test_HOST_09_a_time_that_never_comes_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"never comes|is none|is not a time|outside"):
        cron.schedule(text)


@pytest.mark.parametrize(
    "text",
    ["*/5 * * * *", "0 0 29 2 *", "0 0 30 2 1", "10 2 * * sun", "0 1-5/2 1 * *", "0 3 * * Mon-fri"],
)
def test_HOST_09_a_time_that_comes_is_taken(text: str) -> None:
    assert TypeAdapter(Schedule).validate_python(text) == text


def test_HOST_09_a_package_to_install_is_none_to_remove() -> None:
    taken = TypeAdapter(Package)
    for name in ("nginx", "g++", "libstdc++6", "python3.10"):
        assert taken.validate_python(name) == name
    with pytest.raises(ValidationError):
        taken.validate_python("nginx-")


def test_HOST_09_the_key_is_named() -> None:
    with pytest.raises(ValidationError, match="where a text is wanted"):
        settings(nginx={"limits": {"unlimited": [5]}})
