"""The programs of a role that run on the host: Python files of this checkout, as they stand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .entries import File


@cache
def program_files(sources: Path, folder: str, *kinds: str) -> tuple[File, ...]:
    """What is of `kinds` (`*.py`) in `sources`, for `folder` on a host: read once for all hosts."""
    paths = sorted(
        path.relative_to(sources) for kind in kinds or ("*.py",) for path in sources.rglob(kind)
    )
    return tuple(File(f"{folder}/{path}", (sources / path).read_bytes()) for path in paths)
