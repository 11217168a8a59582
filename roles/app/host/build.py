"""Building a release in a folder of its own, as the build user, and handing it to root."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from roles.core.host import disk
from roles.core.host.errors import HostError

from . import (
    archives,
    built,
    cpu_weight,
    hooks,
    node,
    packed,
    parts,
    python,
    result,
    seal,
    slots,
    user,
    verify,
)
from .built import Built
from .definition import Definition
from .errors import ReleaseError
from .layout import Layout
from .parts import Place

MIB = 2**20
UNPACK = 300  # seconds


def build(layout: Layout, definition: Definition, say: Callable[[str], None]) -> None:
    """Unpack and build the release of `definition`, beside what is built of its tag already.

    Raises ReleaseError when a step fails; what is live is not touched, and nothing of the failed
    build stays but its log.
    """
    archive = archives.path(layout, definition.commit)
    if not archive.exists():
        raise ReleaseError(f"{definition.tag} is not built and its files were not sent")
    _refuse_moved_tag(layout, definition)
    _refuse_full_disk(layout, definition)
    log = layout.logs / f"build-{definition.tag}.log"
    log.unlink(missing_ok=True)
    log.touch(0o640)

    say(_announcement(layout, definition))
    cpu_weight.building(user.SLICE)
    live = slots.started(layout, slots.live(layout))
    before = live.build.get("runtime", "") if live else ""
    if line := result.runtime(before, definition.build.get("runtime", "")):
        say(line)
    earlier = built.read(layout, definition.tag)
    taken = {other.folder for other in earlier} | slots.folders(layout)
    folder = layout.releases / built.free_name(taken, definition.tag)
    try:
        _begin(layout, folder)
        installed = _steps(layout, definition, folder, log, say)
        user.require_gone(layout.build_user)
        # First the home: what is linked to from there is not of the release alone.
        _empty(layout.build_home)
        tree = seal.seal(folder, user.uid(layout.build_user), layout.uploads)
    except BaseException:
        # Why it failed is what counts. What does not let itself be removed goes with a later one.
        for place in (folder, *layout.build_home.iterdir()):
            with suppress(HostError):
                disk.remove(place)
        raise
    os.sync()
    new = Built(
        folder.name,
        definition.commit,
        built.of(definition),
        datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        tree,
        built.inputs(definition.build, definition.hooks),
        installed,
    )
    layout.facts(definition.tag).mkdir(parents=True, exist_ok=True, mode=0o700)
    built.note_damage(layout, definition.tag, new, "")  # of a former folder of that name
    built.write(layout, definition.tag, [*earlier, new])
    verify.look(layout, definition.tag, new)  # so that a rollback to it need not read it


def _announcement(layout: Layout, definition: Definition) -> str:
    now = built.inputs(definition.build, definition.hooks)
    why = built.again(layout, definition.tag, definition.commit, now)
    return f"building {definition.tag}" + (f" again because {why}" if why else "")


def _begin(layout: Layout, folder: Path) -> None:
    """Make the folders that a build writes to. Whatever is there is of one that was killed."""
    user.require_gone(layout.build_user)
    _empty(layout.build_home)
    disk.remove(folder)
    for place, mode in ((folder, 0o755), (layout.build_now, 0o700)):
        place.mkdir(mode=mode)
        shutil.chown(place, layout.build_user, layout.build_user)


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        disk.remove(path)


def _steps(
    layout: Layout, definition: Definition, folder: Path, log: Path, say: Callable[[str], None]
) -> str:
    """Everything that runs as the build user. The key of the dependencies that are kept."""
    every = parts.places(definition, folder)
    for place in every:
        python.ensure(layout, place.definition.build, log, say)
        node.ensure(layout, place.definition.build, log)
    step = _Step(layout, definition, folder, log)
    step.unpack(archives.path(layout, definition.commit))
    step.hook("before_build", say)
    installed = parts.build(layout, every, partial(_step_in, layout, folder, log), say)
    step.hook("after_build", say)
    if folders := definition.build.get("packed"):
        step(packed.command(folders))
    return installed


def _step_in(layout: Layout, folder: Path, log: Path, place: Place) -> _Step:
    # A link in the repository is no folder of the release.
    real = place.folder.resolve()
    if not real.is_dir() or folder.resolve() not in (real, *real.parents):
        raise ReleaseError(f"the release has no folder {place.folder.name!r} of its own")
    return _Step(layout, place.definition, folder, log, place.folder)


class _Step:
    """Runs one build step, in the release's folder or in `place`; called with its command."""

    def __init__(
        self,
        layout: Layout,
        definition: Definition,
        folder: Path,
        log: Path,
        place: Path | None = None,
    ) -> None:
        self.layout, self.definition, self.folder, self.log = layout, definition, folder, log
        self.place = place or folder
        build = definition.build
        path = {"PATH": hooks.programs(definition, self.place)}
        self.env = {**path, **node.headers(build), **build["env"]}

    def __call__(self, command: str, readable: Iterable[Path] = ()) -> None:
        self._run(command, self.env, self.definition.build["timeout"], readable)

    def unpack(self, archive: Path) -> None:
        """The files of the commit into the folder."""
        account = user.builder(self.layout, self.folder)
        with archive.open("rb") as files:
            user.run(
                account,
                "tar -xzf - --no-same-owner",
                self.folder,
                self.log,
                env={},
                timeout=UNPACK,
                stdin=files,
            )

    def hand(self, name: str, lines: Iterable[str]) -> None:
        """A file of the steps' home, written as the build user: root follows no link of its."""
        with tempfile.TemporaryFile() as text:
            text.write("".join(f"{line}\n" for line in lines).encode())
            text.seek(0)
            account = user.builder(self.layout, self.folder)
            user.run(
                account,
                f"cat >~/{name}",
                self.folder,
                self.log,
                env={},
                timeout=UNPACK,
                stdin=text,
            )

    def hook(self, moment: str, say: Callable[[str], None]) -> None:
        """Run the commands of `moment`."""
        env = {**self.env, "HOOK": moment, "RELEASE": self.definition.tag}
        for command in hooks.commands(self.definition, moment):
            say(f"{moment}: {command}")
            self._run(command, env, self.definition.hooks["timeout"])

    def _run(
        self, command: str, env: dict[str, str], timeout: int, readable: Iterable[Path] = ()
    ) -> None:
        account = user.builder(self.layout, self.folder, readable)
        room = self.definition.build["free_disk_mb"] // 2
        user.run(account, command, self.place, self.log, env=env, timeout=timeout, reserve_mb=room)


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
