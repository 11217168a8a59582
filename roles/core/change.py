"""A change of files: what differs between a wanted set and a host, and how it travels."""

from __future__ import annotations

import base64
import io
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .entries import Absent, Directory, Entry, File, Kept, Link, signature
from .state import STATE, FileState

SUFFIX = ".readyhost.dpkg-tmp"  # as in apply.sh
SCRIPT = Path(__file__).with_name("apply.sh")
WORKING_DIRECTORY = "/run"  # in memory: what is staged there never reaches a disk


@dataclass(frozen=True)
class Change:
    """What must be installed and removed. `manifest` is everything the role owns afterwards."""

    install: tuple[Entry, ...]
    remove: tuple[str, ...]
    manifest: tuple[str, ...]
    pending: bool

    def __bool__(self) -> bool:
        return bool(self.install or self.remove or self.pending)

    @property
    def paths(self) -> list[str]:
        return [entry.path for entry in self.install] + list(self.remove)

    def describe(self, state: FileState) -> list[str]:
        """One line for each path: what happens to it, never what is in it."""
        lines = []
        for entry in self.install:
            present = state.paths.get(entry.path)
            lines.append(f"{_difference(entry, present.signature if present else '')} {entry.path}")
        lines += [f"remove {path}" for path in self.remove]
        if self.pending and not lines:
            lines.append("finish what an earlier run left")
        return lines


def compare(entries: Sequence[Entry], state: FileState) -> Change:
    """What has to be done on a host in `state` to have exactly `entries` of this role.

    Raises ValueError when two entries claim one path.
    """
    wanted = {entry.path: entry for entry in entries}
    if len(wanted) != len(entries):
        twice = sorted({e.path for e in entries if e is not wanted[e.path]})
        raise ValueError(f"more than one entry for {', '.join(twice)}")

    present = state.paths
    install = tuple(
        entry
        for entry in entries
        if not isinstance(entry, (Absent, Kept))
        and (entry.path not in present or present[entry.path].signature != signature(entry))
    )
    unwanted = {path for path, entry in wanted.items() if isinstance(entry, Absent)}
    stale = set(state.manifest) - set(wanted)
    # Deepest first, so that a directory is empty when its turn comes.
    remove = sorted((p for p in unwanted | stale if p in present), reverse=True)
    owned = tuple(sorted(path for path in wanted if path not in unwanted))
    forgotten = set(owned) != set(state.manifest)
    return Change(install, tuple(remove), owned, state.pending or forgotten)


@dataclass(frozen=True)
class Check:
    """A shell command that must accept new files, and what to call it when it doesn't."""

    name: str
    command: str


def pack(
    change: Change,
    *,
    checks: Iterable[str | Check] = (),
    stamps: Iterable[str] = (),
    commands: Iterable[str] = (),
    sources: Iterable[File] = (),
) -> str:
    """The change as text for the standard input of `command`: a tar of apply.sh's input, base64.

    sources: files of the set that a file of the team's was rendered to; a refusal names that.
    """
    moved = [e.path for e in change.install if not isinstance(e, Directory)]
    tops = sorted({PurePosixPath(path).parts[1] for path in change.paths})
    owners = {f"passwd {e.owner}" for e in change.install if isinstance(e, (File, Directory))}
    owners |= {f"group {e.group}" for e in change.install if isinstance(e, (File, Directory))}
    owned = [e for e in change.install if isinstance(e, Directory) and e.owner == "root"]
    lists = {
        # five digits: with fewer chmod leaves a folder's setgid bit as it is
        "folders": [f"{e.mode:05o} {e.owner}:{e.group} {e.path}" for e in sorted(owned, key=_path)],
        "moves": moved,
        "removals": list(change.remove),
        "checks": [
            f"{c.name}\t{c.command}" if isinstance(c, Check) else f"{c}\t{c}" for c in checks
        ],
        "stamps": [f"{STATE}/stamps/{stamp}" for stamp in stamps],
        "commands": list(commands),
        "sources": [f"{file.path}\t{file.source}" for file in sources],
        "overlays": tops,
        "owners": sorted(owners),
        "manifest": list(change.manifest),
    }
    for name, lines in lists.items():
        if any("\n" in line for line in lines):
            raise ValueError(f"{name}: a path or command may not span lines")

    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=6) as archive:
        _add(archive, "apply.sh", SCRIPT.read_bytes())
        _add(archive, "set.tar", _tar(change.install))
        for name, lines in lists.items():
            _add(archive, name, "".join(f"{line}\n" for line in lines).encode())
    return base64.b64encode(buffer.getvalue()).decode()


def command(role: str) -> str:
    """The command that installs a packed change. It holds no content: that comes by stdin."""
    return (
        f"umask 077; w=$(mktemp -d {WORKING_DIRECTORY}/readyhost.XXXXXX) || exit; "
        'trap \'rm -rf "$w"\' EXIT; base64 -d | tar -C "$w" -xzf - && '
        f'sh "$w/apply.sh" "$w" {role}'
    )


def _difference(entry: Entry, present: str) -> str:
    if not present:
        return "create"
    was, wanted = present.split("|", 5), signature(entry).split("|", 5)
    if was[0] != wanted[0]:
        return "replace"
    if was[5] != wanted[5]:
        return "change"
    return "change mode or owner of"


def _path(entry: Entry) -> str:
    return entry.path


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), 0o600
    archive.addfile(member, io.BytesIO(data))


def _tar(entries: Iterable[Entry]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for entry in entries:
            name = entry.path.lstrip("/")
            member = tarfile.TarInfo(name if isinstance(entry, Directory) else name + SUFFIX)
            if isinstance(entry, Link):
                member.type, member.linkname, member.mode = tarfile.SYMTYPE, entry.target, 0o777
                member.uname = member.gname = "root"
                archive.addfile(member)
                continue
            if isinstance(entry, (File, Directory)):
                member.mode, member.uname, member.gname = entry.mode, entry.owner, entry.group
            if isinstance(entry, File):
                member.size = len(entry.data)
                archive.addfile(member, io.BytesIO(entry.data))
            else:
                member.type = tarfile.DIRTYPE
                archive.addfile(member)
    return buffer.getvalue()
