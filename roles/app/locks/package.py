"""What a package.json says."""

from __future__ import annotations

import json
import re
from typing import Any

from roles.core.errors import OperatorError

from ..releases import Release


def read(release: Release) -> dict[str, Any]:
    """Its values; none where it is no JSON, of which npm says what is wrong."""
    try:
        values = json.loads(release.package)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def scripts(release: Release) -> dict[str, Any]:
    """The scripts by name."""
    found = read(release).get("scripts")
    return found if isinstance(found, dict) else {}


def manager(release: Release) -> tuple[str, str, str]:
    """Name, version and digest (`sha512.…`) of packageManager; empty where they are not said.
    Raises OperatorError for what names no version, as corepack does.

    >>> from dataclasses import replace
    >>> one = replace(Release.example(), package='{"packageManager": "pnpm@9.1.0+sha512.ab"}')
    >>> manager(one)
    ('pnpm', '9.1.0', 'sha512.ab')
    """
    said = read(release).get("packageManager")
    if said is None:
        return ("", "", "")
    match = re.fullmatch(r"(\w+)@(\d+\.\d+\.\d+(?:-[\w.-]+)?)(?:\+(\w+\.[0-9a-f]+))?", str(said))
    if not match:
        raise OperatorError(
            f"{release.tag}: the packageManager {str(said)[:100]!r} of package.json is no"
            " NAME@VERSION: `corepack use NAME@VERSION` writes one, or set app.build.ignore ="
            ' ["packageManager"]. Nothing has been changed'
        )
    return match[1], match[2], match[3] or ""


def engine(release: Release, name: str) -> str:
    """What engines asks for of a program; empty for nothing."""
    engines = read(release).get("engines")
    wanted = engines.get(name) if isinstance(engines, dict) else None
    return wanted if isinstance(wanted, str) else ""
