"""What an application says about itself: its Procfile and its package.json."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

_LINE = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*)\s*:\s*(\S.*)$")


def parse(text: str) -> dict[str, str]:
    """Commands by process name, as in `web: gunicorn app:app`; names in lower case.

    Raises ValueError that names the line for anything that is neither that, a comment nor empty.
    """
    commands: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.match(line)
        if not match:
            raise ValueError(f"line {number} is not 'name: command'")
        name = match[1].lower().replace("_", "-")
        if name in commands:
            raise ValueError(f"line {number} names {name!r} again")
        commands[name] = match[2].strip()
    return commands


def start_script(package: str) -> str | None:
    """The `start` script of a package.json: run as it is, since npm would swallow signals."""
    try:
        scripts = json.loads(package).get("scripts", {})
        return scripts.get("start") if isinstance(scripts, dict) else None
    except (ValueError, AttributeError):
        return None


def kind(files: Collection[str]) -> str:
    """`node`, `python` or `command`, from the names of the files at the application's root."""
    if "package.json" in files:
        return "node"
    if {"requirements.txt", "pyproject.toml"} & set(files):
        return "python"
    return "command"
