"""The JSON schema of NAME.toml, with which editors complete and check it."""

from __future__ import annotations

import json
from typing import Any

from pydantic_settings import BaseSettings


def editor_schema(model: type[BaseSettings]) -> str:
    """JSON schema of `model` without its secrets: they are refused in a TOML file."""
    schema = model.model_json_schema()
    return json.dumps(_without_secrets(schema), indent=2, ensure_ascii=False) + "\n"


def _without_secrets(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_secrets(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_secrets(value) for key, value in node.items() if key != "title"}
    properties = node.get("properties")
    if isinstance(properties, dict):
        kept["properties"] = {
            name: _without_secrets(value)
            for name, value in properties.items()
            if not _holds_secret(value)
        }
        needed = [name for name in node.get("required", ()) if name in kept["properties"]]
        kept.pop("required", None)
        if needed:
            kept["required"] = needed
    return kept


def _holds_secret(node: Any) -> bool:
    if isinstance(node, list):
        return any(_holds_secret(item) for item in node)
    if isinstance(node, dict):
        return node.get("format") == "password" or any(map(_holds_secret, node.values()))
    return False
