"""Building a release in a folder of its own, as the build user."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

from . import dependencies, disk, hooks, node, slots, user
from .definition import Definition
from .errors import ReleaseError
from .layout import Layout

BUILT = "built.json"
MIB = 2**20


def is_built(layout: Layout, tag: str, commit: str) -> bool:
    """Whether the release is complete, and of this very commit."""
    known = disk.read_json(layout.facts(tag) / BUILT)
    return known.get("commit") == commit and layout.release(tag).is_dir()


def archive_path(layout: Layout, commit: str) -> Path:
    """Where the archive of a commit waits to be built."""
    return layout.archives / f"{commit}.tar.gz"


def build(layout: Layout, definition: Definition, say: Callable[[str], None]) -> None:
    """Unpack and build the release of `definition`. A folder without its mark is begun again.

    Raises ReleaseError when a step fails; what is live is not touched.
    """
    folder = layout.release(definition.tag)
    archive = archive_path(layout, definition.commit)
    if not archive.exists():
        raise ReleaseError(f"{definition.tag} is not built and its files were not sent")
    _refuse_moved_tag(layout, definition)
    _refuse_full_disk(layout, definition)
    log = layout.logs / f"build-{definition.tag}.log"
    log.unlink(missing_ok=True)
    log.touch(0o640)

    say(f"building {definition.tag}")
    (layout.facts(definition.tag)).mkdir(parents=True, exist_ok=True, mode=0o700)
    (layout.facts(definition.tag) / BUILT).unlink(missing_ok=True)
    disk.remove(folder)
    folder.mkdir(mode=0o755)
    shutil.chown(folder, layout.build_user, layout.build_user)
    node.ensure(layout, definition.build, log)

    step = _Step(layout, definition, folder, log)
    with archive.open("rb") as files:
        user.run(
            step.account,
            "tar -xzf - --no-same-owner",
            folder,
            log,
            env={},
            timeout=300,
            writable=[folder],
            stdin=files,
        )
    step.hook("before_build", say)
    environment = dependencies.install(layout, definition, folder, step)
    for command in definition.build["steps"]:
        say(f"build step: {command}")
        step(command)
    step.hook("after_build", say)
    os.sync()
    disk.write_json(
        layout.facts(definition.tag) / BUILT,
        {
            "commit": definition.commit,
            "environment": environment,
            "when": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    )
    archive.unlink()


class _Step:
    """Runs one build step; called with its command."""

    def __init__(self, layout: Layout, definition: Definition, folder: Path, log: Path) -> None:
        self.definition, self.folder, self.log = definition, folder, log
        self.account = user.builder(layout)
        self.env = {"PATH": hooks.programs(definition, folder), **definition.build["env"]}

    def __call__(self, command: str, folder: Path | None = None) -> None:
        self._run(command, folder or self.folder, self.env, self.definition.build["timeout"])

    def hook(self, moment: str, say: Callable[[str], None]) -> None:
        """Run the commands of `moment`."""
        env = {**self.env, "HOOK": moment, "RELEASE": self.definition.tag}
        for command in hooks.commands(self.definition, moment):
            say(f"{moment}: {command}")
            self._run(command, self.folder, env, self.definition.hooks["timeout"])

    def _run(self, command: str, folder: Path, env: dict[str, str], timeout: int) -> None:
        user.run(
            self.account,
            command,
            folder,
            self.log,
            env=env,
            timeout=timeout,
            writable=[self.folder],
        )


def _refuse_moved_tag(layout: Layout, definition: Definition) -> None:
    for slot in ("blue", "green"):
        used = slots.started(layout, slot)
        if used and used.tag == definition.tag and used.commit != definition.commit:
            raise ReleaseError(
                f"the tag {used.tag} was {used.commit[:12]} when it was released and is"
                f" {definition.commit[:12]} now; tags must not move, make a new one"
            )


def _refuse_full_disk(layout: Layout, definition: Definition) -> None:
    free = shutil.disk_usage(layout.home).free // MIB
    wanted = definition.build["free_disk_mb"]
    if free < wanted:
        raise ReleaseError(f"{layout.home} has {free} MiB free; a build wants {wanted} MiB")
