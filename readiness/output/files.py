"""Where reports are: in a folder that their owner alone may read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

JSON = "ready.json"


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Replace files of a report, each whole."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for name, text in files.items():
        new = folder / f".{name}.new"
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(folder / name)


def last(folder: Path) -> dict[str, Any] | None:
    """The report before; None if there is none, or it cannot be read."""
    try:
        found = json.loads((folder / JSON).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "hosts" in found else None
