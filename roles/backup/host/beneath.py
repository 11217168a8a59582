"""Nobody's links are followed: in this process, and in all that it starts, the folders that others
than root may write to lead nowhere else. Who owns uploads can put a link in the place of a folder
at any moment, also between a look at it and its use; so it is the kernel that refuses, by mounts of
this process's own (nosymfollow, Linux 5.10). A link is still read, saved, made and removed."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from roles.core.host.walk import walk

from .errors import BackupError

# mount(2), unshare(2), statvfs(3)
NEW_MOUNTS = 0x20000
BIND, REMOUNT, RECURSIVE, SLAVE, RELATIVE_TIMES = 0x1000, 0x20, 0x4000, 0x80000, 0x200000
NO_LINKS, LEADS_NOWHERE = 0x100, 0x2000
KEPT = 0xC0F  # read-only, nosuid, nodev, noexec, noatime, nodiratime: the same in both
MOUNTS = Path("/proc/self/mountinfo")
LINKS = 40  # as many as the kernel follows

_libc = ctypes.CDLL(None, use_errno=True)


def follow_no_links(folders: Iterable[str | Path], whole: Iterable[str | Path] = ()) -> None:
    """From now on this process follows no link in `whole`, nor in those parts of `folders` that
    others than root may write to: what is above a folder counts as well as what is in it.

    Raises BackupError where the kernel can't do that.
    """
    found = {place for folder in folders for place in foreign(Path(folder))}
    found |= {Path(folder) for folder in whole}
    try:
        _check(_libc.unshare(NEW_MOUNTS), "unshare")
        _mount("/", "/", RECURSIVE | SLAVE)
        for place in _topmost(found):
            _close(place)
    except OSError as error:
        raise BackupError(
            f"{error}: links can't be kept from leading root elsewhere on this kernel,"
            f" {platform.release()}; it takes Linux 5.10 and a host that allows mounts. Nothing has"
            " been changed"
        ) from None


def foreign(path: Path) -> Iterator[Path]:
    """The topmost folders, above `path` or in it, that others than root may write to. Links on the
    way to them are root's own; nobody else can change anything of it meanwhile."""
    place, links = Path("/"), 0
    rest = list(Path(os.path.normpath(path)).parts[1:])
    while rest:
        place /= rest.pop(0)
        try:
            found = place.lstat()
        except OSError:
            return  # there is nothing yet, and only root can make it
        if stat.S_ISLNK(found.st_mode):
            links += 1
            if links > LINKS:
                return
            target = Path(os.path.normpath(place.parent / place.readlink()))
            place, rest = Path("/"), [*target.parts[1:], *rest]
        elif not stat.S_ISDIR(found.st_mode):
            return
        elif not roots_alone(found):
            yield place
            return
    for here, names, _ in walk(place):
        for name in list(names):
            inside = Path(here, name)
            if inside.is_symlink():
                continue
            if not roots_alone(inside.lstat()):
                names.remove(name)
                yield inside


def roots_alone(found: os.stat_result) -> bool:
    """Whether only root may write to a folder."""
    return found.st_uid == 0 and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _topmost(places: Iterable[Path]) -> list[Path]:
    chosen: list[Path] = []
    for place in sorted(places):
        if place.is_dir() and not any(above in place.parents for above in chosen):
            chosen.append(place)
    return chosen


def _close(place: Path) -> None:
    """Cover a folder, and what is mounted in it, with itself, in which links lead nowhere."""
    _mount(str(place), str(place), BIND | RECURSIVE)
    for mounted in _mounted():
        if mounted == place or place in mounted.parents:
            has = os.statvfs(mounted).f_flag
            times = RELATIVE_TIMES if has & os.ST_RELATIME else 0
            _mount(None, str(mounted), REMOUNT | BIND | NO_LINKS | has & KEPT | times)
            # an older kernel takes the word and does nothing
            if not os.statvfs(mounted).f_flag & LEADS_NOWHERE:
                raise OSError(f"{mounted} still follows links")


def _mounted() -> set[Path]:
    """Every place that something is mounted at."""
    fields = (line.split(" ") for line in MOUNTS.read_text().splitlines())
    return {Path(re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), each[4])) for each in fields}


def _mount(source: str | None, target: str, flags: int) -> None:
    words = (each and os.fsencode(each) for each in (source, target))
    done = _libc.mount(*words, None, ctypes.c_ulong(flags), None)
    _check(done, f"mount {target}")


def _check(result: int, what: str) -> None:
    if result:
        raise OSError(f"{what}: {os.strerror(ctypes.get_errno())}")
