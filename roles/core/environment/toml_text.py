"""Values as TOML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_WIDTH = 100


def toml(value: Any, indent: str = "") -> str:
    """A value as TOML writes it; a list that is too long for a line has a line an item, each
    behind `indent`. What TOML has no type for (a path, a network) is text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple | set | frozenset):
        items = [toml(item) for item in value]
        line = f"[{', '.join(items)}]"
        if len(line) <= _WIDTH // 2:
            return line
        return "\n".join(["[", *(f"{indent}    {item}," for item in items), f"{indent}]"])
    # JSON's strings are TOML's, but for DEL.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
