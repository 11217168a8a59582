"""A secret is found however a program prints it, and nothing in it means anything to rsyslog."""

import json
import re
from urllib.parse import quote, quote_plus

import pytest
from pydantic import SecretStr

from roles.core.secret import secrets_of
from roles.logs.masks import masks
from tests.unit.environments import LARGE, SECRETS

HARD = "a\"b\\c$d%e'f/g h+i@j&k{l}é\t#m"


def unescaped(text: str) -> str:
    """What rsyslog reads between two quotes."""
    hexadecimal = re.sub(r"\\x(..)", lambda found: chr(int(found[1], 16)), text)
    return hexadecimal.encode("latin-1").decode()


def texts(*values: str) -> list[str]:
    found = masks(SecretStr(value) for value in values)
    return [unescaped(each.get_secret_value()) for each in found]


def test_what_stands_between_the_quotes_is_letters_digits_and_bytes() -> None:
    for each in masks([SecretStr(HARD)]):
        assert re.fullmatch(r"([A-Za-z0-9]|\\x[0-9a-f]{2})+", each.get_secret_value())


@pytest.mark.parametrize(
    "spelled",
    [
        HARD.replace("\t", "#011"),
        quote(HARD),
        quote(HARD, safe=""),
        quote_plus(HARD),
        quote(HARD, safe="!'()*"),
        json.dumps(HARD)[1:-1],
        json.dumps(HARD, ensure_ascii=False)[1:-1],
        json.dumps(HARD)[1:-1].replace("/", "\\/"),
        repr(HARD)[1:-1],
    ],
)
def test_it_is_known_as_programs_print_it(spelled: str) -> None:
    assert spelled in texts(HARD)


def test_a_secret_of_several_lines_is_known_by_each() -> None:
    found = texts("first-line-of-a-key\nshort\nsecond-line-of-a-key\n")
    assert {"first-line-of-a-key", "second-line-of-a-key"} <= set(found)
    assert "short" not in found


def test_what_others_are_a_part_of_comes_first() -> None:
    assert texts("12345678", "12345678-and-more") == ["12345678-and-more", "12345678"]


def test_a_short_word_is_no_secret_to_be_found() -> None:
    assert texts("true", "", "1234567") == []


def test_every_secret_of_the_settings_is_found() -> None:
    found = {each.get_secret_value() for each in secrets_of(LARGE.settings)}
    of_tables = {"5d2e8f1a7c3b4960", "sk_test_'quote\"and\\backslash$", "9K2X7QW4ZB1M8T3RPLVA"}
    assert {*SECRETS.values(), *of_tables, "https://key@sentry.example/1"} <= found
