"""The settings that docs/frameworks.md gives for a framework."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from vagrant.driver import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

DOCS = ROOT / "docs" / "frameworks.md"


def tables() -> dict[str, dict[str, Any]]:
    """What the documentation has for NAME.toml, by heading."""
    sections = re.split(r"^## ", DOCS.read_text(), flags=re.M)[1:]
    found = {}
    for section in sections:
        heading, _, text = section.partition("\n")
        (block,) = re.findall(r"^```toml\n(.*?)^```", text, flags=re.M | re.S)
        found[heading] = tomllib.loads(block)
    return found


def values(framework: str) -> dict[str, str]:
    """The same as variables of a run; `framework` is how its heading begins."""
    (table,) = (t for heading, t in tables().items() if heading.startswith(framework))
    return dict(variables("READYHOST", table))


def variables(name: str, value: Any) -> Iterator[tuple[str, str]]:
    # Names of an application keep their case, which variables of a run do not.
    if isinstance(value, dict) and not name.endswith(("__NAMES", "__ENV")):
        for key, inner in value.items():
            yield from variables(
                f"{name}{'__' if name != 'READYHOST' else '_'}{key.upper()}", inner
            )
    else:
        yield name, value if isinstance(value, str) else json.dumps(value)
