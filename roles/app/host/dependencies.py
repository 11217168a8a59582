"""Installed dependencies. Each release has its own, in its own folder.

Where all that could go into them is known, root keeps a sealed copy, and a release of which all of
that is equal begins with it. A copy comes from the installing steps alone, so a package that spoils
it is one that the next release asks for as well; and it is looked at before it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import shlex
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from roles.core.host import disk, inside
from roles.core.host.errors import HostError

from . import inputs, result, seal, user
from .definition import Definition
from .errors import ReleaseError
from .layout import Layout

Say = Callable[[str], None]
HOST_WIDE = (Path("/etc/pip.conf"), Path("/etc/npmrc"))
# A variable of a package manager that names a file brings in what nobody can compare.
_ELSEWHERE = re.compile(r"(?i)(pip|npm_config|uv|python|node|yarn|pnpm|poetry|cargo)_?.*")
_PLAIN = re.compile(r"https?://\S+|[\w.:,=-]*")


class Step(Protocol):
    """Runs a build step, which may read `readable` of /srv; raises ReleaseError when it fails."""

    def __call__(self, command: str, readable: Iterable[Path] = ()) -> None: ...

    def hand(self, name: str, lines: Iterable[str]) -> None:
        """A file of the steps' home."""


def key(folder: Path, definition: Definition) -> str:
    """Digest of all that the dependencies follow from; empty where that cannot be known."""
    build = definition.build["dependencies"]
    if not build.get("kept", True):  # what lists them is there, and does not count
        return ""
    files = inputs.files(folder, build["product"], build.get("list"))
    if files is None or definition.hooks.get("before_build") or _names_files(definition.build):
        return ""
    parts = [
        [build["steps"], build["list"]] if build.get("list") else build["steps"],
        {name: value for name, value in definition.build.items() if name not in _LATER},
        platform.machine(),
        platform.libc_ver(),
    ]
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode())
    try:
        for path in files:
            content = inside.read(folder, path)
            digest.update(f"{path.relative_to(folder)}\0".encode() + content + b"\0")
    except OSError:  # another thing than it was a moment ago
        return ""
    for path in HOST_WIDE:
        digest.update((path.read_bytes() if path.exists() else b"") + b"\0")
    return digest.hexdigest()[:24]


_LATER = (
    "steps", "unlocked", "timeout", "free_disk_mb", "dependencies", "parts", "packed", "python",
)  # fmt: skip


def install(layout: Layout, definition: Definition, folder: Path, step: Step, say: Say) -> str:
    """Give the release in `folder` its dependencies. The key of the copy that is kept, or empty."""
    build = definition.build["dependencies"]
    if not build:
        return ""
    copy = _Copy(layout, key(folder, definition), folder, build["product"])
    kept = copy.key
    if not (kept and copy.use(step, say)):
        if "list" in build:
            step.hand("requirements.txt", build["list"])
        for command in build["steps"]:
            step(command)
        kept = copy.keep(say) if kept else ""
    return kept


def scripts(definition: Definition) -> list[str]:
    """What packages run when they are installed, in each release: commands, in order."""
    return list((definition.build["dependencies"] or {}).get("scripts", ()))


def _names_files(build: dict[str, Any]) -> bool:
    """Whether a variable of the build hands a package manager a file of somewhere."""
    return any(
        _ELSEWHERE.fullmatch(name) and not _PLAIN.fullmatch(value)
        for name, value in build["env"].items()
    )


def copies(layout: Layout) -> list[Path]:
    """The folders of all copies that are kept."""
    return sorted(path.with_suffix("") for path in layout.installed.glob("*.json"))


def sound(copy: Path) -> bool:
    """Whether a kept copy is what was installed. If not it is not used any more."""
    file = copy.with_suffix(".json")
    facts = disk.read_json(file)
    if not facts or (copy.is_dir() and seal.digest(copy) == facts.get("tree")):
        return True
    if disk.read_json(file) == facts:  # and no build has just replaced it
        file.unlink()
    return False


@dataclass(frozen=True)
class _Copy:
    """The kept copy of the dependencies `key`, for the release in `folder`."""

    layout: Layout
    key: str
    folder: Path
    product: str

    @property
    def place(self) -> Path:
        return self.layout.installed / self.key

    @property
    def facts(self) -> Path:
        return self.layout.installed / f"{self.key}.json"

    def use(self, step: Step, say: Say) -> bool:
        """Begin the release with it; False when there is none that can be trusted."""
        facts = disk.read_json(self.facts)
        if not facts:
            return False
        if not sound(self.place):
            say("the kept dependencies have been changed by a hand; they are installed anew")
            return False
        say("dependencies as in an earlier release")
        copy = f"cp -a --no-preserve=ownership --reflink=auto {self.place}/{self.product} ."
        step(copy, [self.place])
        old, new = f"{facts['made_in']}/", f"{self.folder}/"
        if self.product == ".venv" and old != new:
            # Its programs, and what else is text, name the folder that they were made in.
            change = shlex.quote(f"s|{re.escape(old)}|{new}|g")
            found = f"grep -rlIZF -e {shlex.quote(old)} {self.product}"
            step(f"{found} | xargs -0 -r sed -i -e {change}")
        return True

    def keep(self, say: Say) -> str:
        """Keep what was installed, as root's. The key, or empty where that is not possible."""
        user.require_gone(self.layout.build_user)
        self.facts.unlink(missing_ok=True)
        disk.remove(self.place)
        self.place.mkdir(parents=True, mode=0o755)
        owner = user.uid(self.layout.build_user)
        os.chown(self.place, owner, -1)
        source = self.folder / self.product
        try:
            if source.is_symlink() or not source.is_dir():
                raise ReleaseError(f"{self.product} is not a folder")
            command = ["cp", "-a", "--reflink=auto", "--", str(source), str(self.place)]
            subprocess.run(command, check=True, capture_output=True)
            tree = seal.seal(self.place, owner)
        except (HostError, subprocess.CalledProcessError) as error:
            disk.remove(self.place)
            say(result.result(f"the dependencies are not kept for later releases: {error}"))
            return ""
        os.sync()
        disk.write_json(self.facts, {"tree": tree, "made_in": str(self.folder)})
        return self.key
