"""What is allowed at a place, and what is wrong with a value, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .places import Place

_TYPES = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
    "object": "a table",
}
_FORMATS = {
    "ipv4network": "an IPv4 network such as 192.0.2.0/24",
    "ipv6network": "an IPv6 network such as 2001:db8::/32",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "password": "a secret",
    "path": "a path",
}
# The kinds of pydantic's errors that say less than the list of what is allowed.
_TYPE_ERRORS = re.compile(
    r"(int|float|bool|string|list|tuple|set|dict|model|literal|enum|ip_v\d_network|ip_v\d_address"
    r"|ip_any_network|ip_any_address|url)_(type|parsing|parsing_size|from_float|error)"
    r"|enum|(greater|less)_than(_equal)?|model_attributes_type|finite_number"
)


def allowed(place: Place) -> str:
    """What may be given at a place: "a whole number from 1 to 50"."""
    return _allowed(place.schema, place.schema.get("$defs", {}))


def explain(error: Mapping[str, Any], place: Place | None) -> str:
    """One of pydantic's error details as a sentence without subject: "must be …"."""
    if error["type"] in ("value_error", "assertion_error"):
        return str(error["ctx"]["error"])
    if place and _TYPE_ERRORS.fullmatch(error["type"]):
        return f"must be {allowed(place)}"
    if error["type"] == "string_pattern_mismatch":
        return f"must match {error['ctx']['pattern']}{such_as(place)}"
    message = re.sub(r"^[A-Z]\w+ should ", "must ", str(error["msg"]))
    message = re.sub(r" after validation, not .*| but .*", "", message)
    return message[0].lower() + message[1:]


def such_as(place: Place | None) -> str:
    """An example, if there is one: ", such as example.com"."""
    return f", such as {place.examples[0]}" if place and place.examples else ""


def _allowed(schema: Mapping[str, Any], models: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        schema = models[schema["$ref"].rsplit("/", 1)[-1]]
    if alternatives := schema.get("anyOf", schema.get("oneOf")):
        each_allowed = [_allowed(each, models) for each in alternatives]
        return " or ".join(dict.fromkeys(words for words in each_allowed if words))
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    if "const" in schema:
        return str(schema["const"])
    kind = schema.get("type", "")
    if kind == "array":
        items = _allowed(schema.get("items", {}), models)
        return f"a list, each {items}" if items else "a list"
    words = _FORMATS.get(schema.get("format", ""), _TYPES.get(kind, ""))
    return words + _bounds(schema)


def _bounds(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    words = [
        f"{phrase} {bound}"
        for phrase, bound in (
            ("at least", low),
            ("more than", above),
            ("at most", high),
            ("less than", below),
        )
        if bound is not None
    ]
    if pattern := schema.get("pattern"):
        words.append(f"that matches {pattern}")
    return "".join(f" {each}" for each in words)
