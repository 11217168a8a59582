"""Of the calls that were traced, those in which somebody with fewer rights could have put a link
in the way. It runs on the box, where the folders are."""

from __future__ import annotations

import grp
import json
import os
import pwd
import re
import stat
import sys
from collections.abc import Iterator
from functools import cache

from calls import Call, Process, calls, text  # type: ignore[import-not-found]

# They look and decide nothing: what is then done is a call of its own.
LOOKS = re.compile(
    r"^(l?stat(64)?|newfstatat|statx|f?access(at2?)?|readlink(at)?|statfs|l?getxattr|l?listxattr"
    r"|name_to_handle_at|inotify_add_watch|fanotify_mark|getcwd|fchdir|umount2|pivot_root)$"
)
# What they name last is not followed, if it is a link.
LAST_AS_IT_IS = re.compile(
    r"^(lchown|l(set|remove)xattr|mkdir(at)?|mknod(at)?|rmdir|unlink(at)?|rename(at2?)?|symlink(at)?"
    r"|link(at)?)$"
)
PATHS = re.compile(r'(?:(AT_FDCWD|\d+)(?:<((?:[^>\\]|\\.)*)>)?, )?"((?:[^"\\]|\\.)*)"')
GIVES = re.compile(r"^(l|f)?chown(at)?$")
FIRST_IS_TEXT = re.compile(r"^symlink")  # the link's own text
ONE_PATH = re.compile(r"^(execve(at)?|mount|l?setxattr|l?removexattr|open|creat|openat2?)$")
LINKS = 40


def paths(call: Call) -> Iterator[tuple[str, str]]:
    """Each path of a call: the folder that it begins in, empty for the root, and the rest."""
    found = list(PATHS.finditer(call.words))
    if FIRST_IS_TEXT.match(call.name):
        found = found[1:]
    if call.name == "mount" and not call.words.startswith("NULL"):
        found = found[1:2]
    elif ONE_PATH.match(call.name):
        found = found[:1]
    for each in found:
        path = text(each[3])
        if path.startswith("/") or not path:
            yield "", path
        elif each[1] and each[1] != "AT_FDCWD":
            yield text(each[2] or ""), path
        else:
            yield (text(each[2]) if each[2] else call.cwd), path


def follows_last(call: Call) -> bool:
    """Whether a link that is named last is followed."""
    if LAST_AS_IT_IS.match(call.name):
        return "AT_SYMLINK_FOLLOW" in call.words
    return "NOFOLLOW" not in call.words and "O_EXCL" not in call.words


class Folders:
    """Who may change what is in a folder: at its end, or at a moment of the trace."""

    def __init__(self) -> None:
        self.once: dict[str, set[int]] = {}
        self.made: dict[str, int] = {}
        self.members = {
            group.gr_gid: {pwd.getpwnam(name).pw_uid for name in group.gr_mem if _there(name)}
            for group in grp.getgrall()
        }
        for user in pwd.getpwall():
            self.members.setdefault(user.pw_gid, set()).add(user.pw_uid)

    def note(self, call: Call) -> None:
        """A folder that was given to somebody, made by somebody, or taken back: a release is its
        build's until root seals it."""
        if call.result.startswith("-"):
            return
        owner = call.uid
        if call.name.startswith("mkdir") or "O_EXCL" in call.words:
            self.made |= {_plain(f"{b}/{p}"): owner for b, p in paths(call) if p}
        if GIVES.match(call.name):
            numbers = re.findall(r", (-?\d+), -?\d+", call.words)
            owner = int(numbers[-1]) if numbers else 0
        elif not call.name.startswith("mkdir"):
            return
        if owner >= 0:
            at = re.match(r"^\d+<([^>]*)>", call.words)
            whole = call.name == "fchown" or '""' in call.words
            made = [text(at[1])] if at and whole else [f"{b}/{p}" for b, p in paths(call) if p]
            for path in map(_plain, made):
                if owner:
                    self.once.setdefault(path, set()).add(owner)
                elif GIVES.match(call.name):
                    self.once.pop(path, None)

    def foreign(self, folder: str, uid: int) -> bool:
        if self.once.get(folder, set()) - {uid}:
            return True
        return _writers(folder, uid, self)


def _plain(path: str) -> str:
    return os.path.normpath("/" + path.lstrip("/"))  # which keeps two slashes at the beginning


@cache
def _writers(folder: str, uid: int, folders: Folders) -> bool:
    if folder.startswith(("/proc", "/sys")):
        return False  # the kernel's own, in which nobody makes a link
    try:
        about = os.lstat(folder)
    except OSError:
        return False
    mine = {0, uid}
    if about.st_uid not in mine or about.st_mode & stat.S_IWOTH:
        return True
    return bool(about.st_mode & stat.S_IWGRP and folders.members.get(about.st_gid, set()) - mine)


def _there(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def astray(call: Call, base: str, path: str, folders: Folders) -> str:
    """Where somebody else could put a link that this call would follow; empty for nowhere."""
    place = base or "/"
    rest = [word for word in path.split("/") if word and word != "."]
    beneath = re.search(r"RESOLVE_(NO_SYMLINKS|BENEATH|IN_ROOT)", call.words)
    links = 0
    while rest:
        word = rest.pop(0)
        if word == "..":
            place = os.path.dirname(place)
            continue
        here = os.path.join(place, word)
        last = not rest
        try:
            about = os.lstat(here)
        except OSError:
            about = None
        if folders.foreign(place, call.uid) and not _fixed(folders, place, word, call.uid):
            closed = any(place == c or place.startswith(c.rstrip("/") + "/") for c in call.closed)
            if beneath or closed or (last and not follows_last(call)):
                return ""
            return "" if last and _guarded(place) else here
        if about and stat.S_ISLNK(about.st_mode) and (not last or follows_last(call)):
            links += 1
            if links > LINKS:
                return ""
            target = os.readlink(here)
            place = "/" if target.startswith("/") else place
            rest = [w for w in target.split("/") if w and w != "."] + rest
            continue
        place = here
    return ""


def _fixed(folders: Folders, folder: str, name: str, uid: int) -> bool:
    """Whether nobody else can put another thing in its place: the folder is sticky, and it belongs
    to us or to somebody who may not write there. A folder that has gone was ours if we made it."""
    try:
        within = os.lstat(folder)
        about = os.lstat(f"{folder}/{name}")
    except OSError:
        owner = folders.made.get(f"{folder}/{name}")
        return owner in (0, uid) and folder in ("/tmp", "/var/tmp", "/run/lock", "/dev/shm")
    if not within.st_mode & stat.S_ISVTX or stat.S_ISLNK(about.st_mode):
        return False
    if about.st_uid in (0, uid):
        return True
    members = folders.members.get(within.st_gid, set()) if within.st_mode & stat.S_IWGRP else set()
    open_to_all = within.st_mode & stat.S_IWOTH
    return not open_to_all and about.st_uid not in {within.st_uid, *members}


def _guarded(folder: str) -> bool:
    """Whether the kernel follows nobody's links in it (fs.protected_symlinks, which is on)."""
    try:
        mode = os.lstat(folder).st_mode
    except OSError:
        return False
    return bool(mode & stat.S_ISVTX and mode & stat.S_IWOTH)


def main() -> None:
    """Arguments: the trace, and who was there at its beginning. Prints JSON, a row for each kind:
    user, program, call, path, how often."""
    with open(sys.argv[1], encoding="latin-1") as file:
        lines = file.readlines()
    begun = {}
    with open(sys.argv[2]) as file:
        for line in file:
            pid, uid, program = line.split(None, 2)
            begun[int(pid)] = Process(int(uid), "/", program.strip())
    ours = {0, pwd.getpwnam("postgres").pw_uid}
    folders = Folders()
    found: dict[tuple[str, str, str, str], int] = {}
    for call in calls(lines, begun):
        folders.note(call)
        if call.uid not in ours or LOOKS.match(call.name):
            continue
        for base, path in paths(call):
            if path and (where := astray(call, base, path, folders)):
                user = pwd.getpwuid(call.uid).pw_name
                key = (user, call.program, call.name, where)
                found[key] = found.get(key, 0) + 1
    json.dump(sorted((*key, count) for key, count in found.items()), sys.stdout)


if __name__ == "__main__":
    main()
