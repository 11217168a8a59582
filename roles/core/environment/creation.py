"""A new environment's files: made from the examples, never written over."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from pydantic_settings import BaseSettings

from .absent import EXAMPLE
from .example import SCHEMA_LINE, key_lines, required
from .keys import dotted
from .places import KeyPath, find
from .variables import variable

_BYTES = 32


def make_secrets(model: type[BaseSettings], file: Path) -> bool:
    """Make NAME.env, readable by its owner alone from the first byte, with a random value for
    each secret that `model` cannot do without. Returns whether the file was not there."""
    lines = [f"# Never committed, never shown. What else may be here: {EXAMPLE}.env.example"]
    for path in required(model, secret=True):
        lines.append(f"{variable(model, path)}={secrets.token_hex(_BYTES)}")
    return _write(file, lines, 0o600)


def add_secrets(file: Path, paths: Sequence[KeyPath], model: type[BaseSettings]) -> list[str]:
    """Add a random value for each of `paths`, such as those of a new application, to NAME.env.
    Returns the variables."""
    names = [variable(model, path) for path in paths]
    text = file.read_text("utf-8")
    begin = "" if not text or text.endswith("\n") else "\n"
    with file.open("a", encoding="utf-8") as stream:
        stream.write(begin + "".join(f"{n}={secrets.token_hex(_BYTES)}\n" for n in names))
    return names


def make_values(model: type[BaseSettings], file: Path) -> bool:
    """Make NAME.toml with the keys that have no default, to be filled in. Returns whether the
    file was not there."""
    lines = [SCHEMA_LINE, f"# Everything else has a default: {EXAMPLE}.toml.example shows it all."]
    table: KeyPath = ()
    for path in sorted(required(model, secret=False), key=len):
        if path[:-1] != table:
            table = path[:-1]
            lines += ["", f"[{dotted(table)}]"]
        if place := find(model, path):
            lines += ["", *key_lines(str(path[-1]), place)]
    return _write(file, lines, 0o644)


def make_inventory(template: Path, file: Path) -> bool:
    """Make NAME.py, which is the same for each environment. Returns whether it was not there."""
    return _write(file, template.read_text("utf-8").splitlines(), 0o644)


def _write(file: Path, lines: Sequence[str], mode: int) -> bool:
    # Beside the file first, then linked: whoever reads it meanwhile sees all of it or none.
    beside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.writelines(f"{line}\n" for line in lines)
        os.link(beside, file)
    except FileExistsError:
        return False
    finally:
        beside.unlink()
    return True
