"""Files and links that are either the old ones or the new ones, whenever the power goes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from .errors import HostError

TRIES = 5  # to remove what somebody renames meanwhile: what is gone stays gone


def write(path: Path, data: bytes | str, mode: int = 0o600) -> None:
    """Replace `path` by a file with `mode` from its first byte, on the disk when this returns. A
    folder that is missing is made, root's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data.encode() if isinstance(data, str) else data)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    beside.replace(path)


def write_json(path: Path, value: Any) -> None:
    """Replace `path` by `value`, readable by root only."""
    write(path, json.dumps(value, indent=1) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """The object in `path`; empty when there is none or it is damaged."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def link(path: Path, target: Path) -> None:
    """Point `path` at `target` in one step: nobody ever finds it missing."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(path)


def copy_tree(source: Path, target: Path) -> None:
    """Make `target` a copy of the folder `source`, closed to everybody but root."""
    beside = target.with_name(f".{target.name}.new")
    remove(beside)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copytree(source, beside)
    beside.chmod(0o700)
    remove(target)
    beside.rename(target)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder and all in it, if it is there; no link is followed.

    Raises HostError when something of it stays, as while somebody goes on renaming in there.
    """
    # Unlike Python's own it has no limit to how deep in one another folders may be.
    command = ["rm", "-rf", "--one-file-system", "--", str(path)]
    for _ in range(TRIES):
        done = subprocess.run(command, check=False, capture_output=True)
        if done.returncode == 0:
            return
    said = done.stderr.decode(errors="replace").splitlines() or [""]
    raise HostError(f"{path} could not be removed: {said[0]}")
