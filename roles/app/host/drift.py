"""What a hand has changed around the live release: its environment, units, folders and accounts.

What the running processes have of it already is right again only with new ones (`unhealthy`);
the rest is put right beside them (`incomplete`).
"""

from __future__ import annotations

import grp
import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from roles.core.host import disk

from . import slots
from .layout import Layout

NOWHERE = "/usr/sbin/nologin"
BESIDE = ("release-env", "operator-env")
"""Environments of what is not a process of the release."""


class Folder(NamedTuple):
    """A folder as it is to be."""

    path: Path
    mode: int
    owner: str
    group: str


def unhealthy(layout: Layout, slot: str) -> list[str]:
    """What processes that were started since would have got from a hand."""
    found = [f"{path} changes what a process may" for path in slots.overrides(layout, slot)]
    if _of_next(layout, slot) and not _same(layout, slot, "env"):
        path = layout.started(slot) / "env"
        found.append(f"{path} was changed: processes that start would get that")
    return found


def incomplete(layout: Layout, slot: str) -> list[str]:
    """What is put right without a process noticing."""
    found = [
        f"{layout.started(slot) / name} was changed"
        for name in BESIDE
        if _of_next(layout, slot) and not _same(layout, slot, name)
    ]
    for folder in folders(layout, slot):
        if (now := _now(folder.path)) != folder and not folder.path.is_symlink():
            is_now = f"{now.mode:o} {now.owner}:{now.group}" if now else "gone"
            found.append(f"{folder.path} is {is_now}")
    return [*found, *(f"the account {name} {why}" for name, why in _accounts(layout))]


def put_right(layout: Layout, slot: str) -> list[str]:
    """Undo what `incomplete` finds. A folder that an administrator made a link stays one.

    What can't be put right, in words with the reason: the next run finds it again."""
    reasons = []
    for name in BESIDE:
        if _of_next(layout, slot) and not _same(layout, slot, name):
            disk.write(layout.started(slot) / name, (layout.next / name).read_bytes(), 0o600)
    wrong = [folder for folder in folders(layout, slot) if _now(folder.path) != folder]
    if wrong:
        reasons += _try(["systemd-tmpfiles", "--create", str(_tmpfiles(layout))])
    for folder in wrong:
        if _now(folder.path) != folder:
            _give_back(folder)
    for name, _ in _accounts(layout):
        reasons += _try(["usermod", "--shell", NOWHERE, "--groups", "", name])
    why = "; ".join(reasons) or "somebody goes on changing it"
    return [f"{what}, and that could not be put right: {why}" for what in incomplete(layout, slot)]


def _try(command: list[str]) -> list[str]:
    """Run a command. Its reasons when it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
    if not done.returncode:
        return []
    said = done.stderr.strip() or f"exit status {done.returncode}"
    return [f"{command[0]}: {said.splitlines()[-1]}"]


def _give_back(folder: Folder) -> None:
    """Make a folder whose it is to be, with its mode; what is no folder itself stays as it is."""
    try:
        opened = os.open(folder.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return
    try:
        owner, group = pwd.getpwnam(folder.owner).pw_uid, grp.getgrnam(folder.group).gr_gid
        os.fchown(opened, owner, group)
        os.fchmod(opened, folder.mode)  # after the owner, which takes setgid away
    finally:
        os.close(opened)


def folders(layout: Layout, slot: str) -> Iterator[Folder]:
    """The folders that a run makes, as its file for systemd-tmpfiles has them, and the release's
    own."""
    try:
        lines = _tmpfiles(layout).read_text().splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("d "):
            _, path, mode, owner, group = line.split()
            yield Folder(Path(layout.root, path.lstrip("/")), int(mode, 8), owner, group)
    if layout.slot(slot).is_symlink():
        yield Folder(slots.folder(layout, slot), 0o755, "root", "root")


def _tmpfiles(layout: Layout) -> Path:
    return Path(layout.root, "etc/tmpfiles.d", f"{layout.name}.conf")


def _now(path: Path) -> Folder | None:
    try:
        about = path.lstat()
        owner, group = pwd.getpwuid(about.st_uid).pw_name, grp.getgrgid(about.st_gid).gr_name
    except (OSError, KeyError):
        return None
    return Folder(path, about.st_mode & 0o7777, owner, group)


def _accounts(layout: Layout) -> Iterator[tuple[str, str]]:
    for name in (layout.name, layout.build_user):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        more = [g.gr_name for g in grp.getgrall() if name in g.gr_mem and g.gr_name != name]
        if more:
            yield name, f"is a member of {', '.join(more)}"
        elif account.pw_shell != NOWHERE:
            yield name, f"has the shell {account.pw_shell}"


def _of_next(layout: Layout, slot: str) -> bool:
    """Whether the slot runs what the toolkit's last run defined: only then is there something to
    compare its files with."""
    live, wanted = slots.started(layout, slot), slots.load_or_none(layout.next)
    return bool(live and wanted and live.identity == wanted.identity)


def _same(layout: Layout, slot: str, name: str) -> bool:
    try:
        return (layout.started(slot) / name).read_bytes() == (layout.next / name).read_bytes()
    except OSError:
        return not (layout.next / name).exists()
