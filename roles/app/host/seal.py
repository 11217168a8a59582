"""A tree that a build made becomes root's: nobody else changes it, and a digest tells if one did.

To be called when no process of the tree's owner lives; nothing is followed even so.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from roles.core.host.hollow import Found

from .errors import ReleaseError

DEEPEST = 200  # folders in one another; nothing that is installed comes near
HOLLOW = 10 * 2**30
"""Bytes that may be read in a tree without being on the disk: a digest of one takes 20 s."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def seal(folder: Path, owner: int, shared: Path | None = None) -> str:
    """Make root the owner of `folder` and all in it, writable by nobody else. Its digest.

    owner: uid that everything belongs to; shared: the one place of /srv outside of `folder` that
    links may lead to. Sockets and pipes are removed. Raises ReleaseError, before anything is
    changed, for what another user owns, is linked to from elsewhere, is a device, is hollow, or
    leads to another release.
    """
    try:
        _inspect(folder, owner, shared)
        _take_all(folder)
        return digest(folder)
    except OSError as error:
        raise ReleaseError(
            f"{error.filename} was changed while {folder} was taken over: {error.strerror}"
        ) from None


def _take_all(folder: Path) -> None:
    top = os.open(folder, _FOLDER)
    try:
        for parent, name, path, about in _walk(top):
            _take(parent, name, path, about)
        _own(top, os.fstat(top).st_mode | 0o755)
    finally:
        os.close(top)


def entries(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Path and status of all in `folder`. Raises OSError."""
    top = os.open(folder, _FOLDER)
    try:
        for _parent, _name, path, about in _walk(top):
            yield path, about
    finally:
        os.close(top)


def digest(folder: Path) -> str:
    """Digest of names, kinds, modes and contents of all in `folder`. Raises OSError."""
    whole = hashlib.sha256()
    top = os.open(folder, _FOLDER)
    try:
        for parent, name, path, about in _walk(top):
            whole.update(f"{path}\0{about.st_mode:o} {about.st_uid}\0".encode(errors="replace"))
            if stat.S_ISLNK(about.st_mode):
                whole.update(os.fsencode(os.readlink(name, dir_fd=parent)))
            elif stat.S_ISREG(about.st_mode):
                whole.update(_content(parent, name))
    finally:
        os.close(top)
    return whole.hexdigest()


def _walk(folder: int, inside: str = "", depth: int = 0) -> Iterator[tuple]:
    """Folder (opened), name, path and status of everything below, a folder before what is in it."""
    if depth > DEEPEST:
        raise ReleaseError(f"{inside[:100]}… is more than {DEEPEST} folders deep")
    for name in sorted(os.listdir(folder)):
        path = f"{inside}{name}"
        about = os.stat(name, dir_fd=folder, follow_symlinks=False)
        yield folder, name, path, about
        if stat.S_ISDIR(about.st_mode):
            inner = os.open(name, _FOLDER, dir_fd=folder)
            try:
                yield from _walk(inner, f"{path}/", depth + 1)
            finally:
                os.close(inner)


def _inspect(folder: Path, owner: int, shared: Path | None) -> None:
    try:
        top = os.open(folder, _FOLDER)
    except OSError:
        raise ReleaseError(f"{folder} is not a folder") from None
    links: Counter[tuple[int, int]] = Counter()
    several: dict[tuple[int, int], tuple[str, int]] = {}
    found, hollow = Found(), 0
    try:
        if os.fstat(top).st_uid != owner:
            raise ReleaseError(f"{folder} belongs to somebody else than its build")
        for _parent, _name, path, about in _walk(top):
            mode = about.st_mode
            if about.st_uid != owner:
                raise ReleaseError(f"{path} belongs to somebody else than its build")
            if stat.S_ISBLK(mode) or stat.S_ISCHR(mode):
                raise ReleaseError(f"{path} is a device")
            if stat.S_ISLNK(mode):
                _refuse_other_release(folder, path, shared)
            hollow += found.more(about)
            if hollow > HOLLOW:
                raise ReleaseError(
                    f"{path} has holes, or further names: with it more than {HOLLOW >> 30} GiB"
                    " would be read that are not on the disk"
                )
            if stat.S_ISREG(mode) and about.st_nlink > 1:
                links[about.st_dev, about.st_ino] += 1
                several[about.st_dev, about.st_ino] = (path, about.st_nlink)
    finally:
        os.close(top)
    for inode, (path, count) in several.items():
        if links[inode] < count:
            raise ReleaseError(f"{path} is a hard link to a file outside of the release")


def _refuse_other_release(folder: Path, path: str, shared: Path | None) -> None:
    goal, base = Path(os.path.realpath(folder / path)), Path(os.path.realpath(folder))
    allowed = [base, *([shared] if shared else [])]
    near = base.parents[2]  # /srv: releases, uploads, other applications
    if near in goal.parents and not any(goal == a or a in goal.parents for a in allowed):
        raise ReleaseError(
            f"{path} is a link to {goal}, which is not of this release and may go before it"
        )


def _take(parent: int, name: str, path: str, about: os.stat_result) -> None:
    mode = about.st_mode
    if stat.S_ISLNK(mode):
        os.chown(name, 0, 0, dir_fd=parent, follow_symlinks=False)
    elif stat.S_ISDIR(mode):
        _open_and_own(parent, name, _FOLDER, mode | 0o700)
    elif stat.S_ISREG(mode):
        _open_and_own(parent, name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, mode)
    else:
        os.unlink(name, dir_fd=parent)


def _open_and_own(parent: int, name: str, flags: int, mode: int) -> None:
    file = os.open(name, flags, dir_fd=parent)
    try:
        _own(file, mode)
    finally:
        os.close(file)


def _own(file: int, mode: int) -> None:
    os.fchown(file, 0, 0)
    os.fchmod(file, mode & 0o755)  # neither setuid nor writable by others


def _content(parent: int, name: str) -> bytes:
    value = hashlib.sha256()
    file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=parent)
    with os.fdopen(file, "rb") as stream:
        while part := stream.read(1 << 20):
            value.update(part)
    return value.digest()
