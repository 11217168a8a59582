"""A repository with a back end and a front end, and what its build comes to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from roles.app import parts
from roles.app.builds import build
from roles.app.process_layout import lay_out
from roles.app.releases import Release
from roles.app.source import resolve
from roles.core.machine import Machine

from .conftest import Repository, settings

FULLSTACK: dict[str, Any] = {
    "builds": {
        "backend": {"directory": "backend"},
        "frontend": {"directory": "frontend", "output": "dist"},
    },
    "mounts": [{"build": "frontend", "fallback": "index.html"}],
}
STATIC: dict[str, Any] = {"kind": "static", "mounts": [{"folder": "public"}]}
MACHINE = Machine.example("jammy", cores=2, memory_mb=4096)
LOCK = json.dumps({"lockfileVersion": 3, "packages": {"": {}}})
FILES = {
    "Procfile": "web: uvicorn app:app --uds $SOCKET\n",
    "backend/requirements.txt": "uvicorn==1.0\n",
    "frontend/package.json": '{"scripts": {"build": "vite build"}}',
    "frontend/package-lock.json": LOCK,
}


def committed(place: Path, files: dict[str, str]) -> Repository:
    """A repository whose tag v1.0.0 has these files."""
    repository = Repository(place / "shop")
    for name, text in files.items():
        (repository.path / name).parent.mkdir(parents=True, exist_ok=True)
        (repository.path / name).write_text(text)
    repository.git("add", "-A")
    repository.git("commit", "-q", "-m", "v1.0.0")
    repository.git("tag", "v1.0.0")
    return repository


def commit(place: Path, files: dict[str, str], **chosen: Any) -> Release:
    repository = committed(place, files)
    own = settings(**{**FULLSTACK, **chosen})
    return parts.released(resolve(str(repository.path), "v1.0.0"), own)


def made(release: Release, **chosen: Any) -> dict[str, Any]:
    own = settings(**{**FULLSTACK, **chosen})
    return build(own, lay_out(own, MACHINE, release).kind, release, MACHINE)
