"""Which readyhost this is: the checkout's own word, whatever was installed."""

from __future__ import annotations

import sys
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def version() -> str:
    """The version, `0.2.0`: its one place is pyproject.toml, and tags follow it."""
    return tomllib.loads(PROJECT.read_text())["project"]["version"]
