"""The mirror: another host has what this one's repositories have, seconds later."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roles.core.host import disk

from . import disk_guard, lock, restic
from .configuration import FOLDER, STATE, Configuration, Mirror, Repository
from .errors import BackupError
from .process import run

MARKS = {"database": "backup/main/backup.info", "files": "config"}  # what each part always has
PARTS = tuple(MARKS)
NAME = "mirror"
SYSTEM = "system"  # the file that says whose backups these are
RECORD = STATE / "mirror.json"
MARGIN = 120  # seconds that a file may have been written before it had its name
INTERVAL = 3  # seconds between two looks for something new
BULK = ("/files/data", "/database/archive/*/*/*", "/database/backup/*/*/*")
PASSING = ("*.pgbackrest.tmp", "/files/locks", "/database/backup/*/latest")


def send(configuration: Configuration) -> None:
    """Make the mirror what the repositories are. One that is lost here stays there as it was, and
    is said. Raises BackupError."""
    with _recorded():
        folder = Path(configuration.directory)
        here = [part for part, mark in MARKS.items() if (folder / part / mark).exists()]
        wanted = [f"--include=/{part}/***" for part in here] + [f"--include=/{SYSTEM}"]
        passing = [f"--exclude={pattern}" for pattern in PASSING]
        words = ["--delete-after", *passing, *wanted, "--exclude=*"]
        _rsync(configuration, [*words, f"{folder}/", "TO"])
        if "database" not in here or ("files" not in here and _had_files(configuration)):
            gone = " and ".join(f"{folder}/{part}" for part in PARTS if part not in here)
            raise BackupError(
                f"{gone}: lost, so the mirror keeps what it has of it; mount it again, restore from"
                " the mirror, or begin anew: backup stanza --reinitialise"
            )


def _had_files(configuration: Configuration) -> bool:
    """Whether files were backed up here; the first backup of them makes their repository."""
    return restic.was_there(configuration.repositories[0])


def follow(configuration: Configuration, seconds: float) -> None:
    """Send the archive's new segments as they come, for so long. Raises BackupError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        catch_up(configuration)
        time.sleep(INTERVAL)


def catch_up(configuration: Configuration) -> None:
    """Send the archive's new segments. Raises BackupError."""
    with lock.held(NAME, wait=True), _recorded() as since:
        folder = Path(configuration.directory)
        if new := newer(folder / "database" / "archive", since - MARGIN):
            names = "".join(f"{os.path.relpath(path, folder)}\0" for path in new)
            _rsync(configuration, ["--files-from=-", "--from0", f"{folder}/", "TO"], names)


def newer(folder: Path, since: float) -> list[str]:
    """Files below `folder` that were written since a time, seconds of the epoch. A directory that
    nothing was added to since then is not looked through."""
    found = []
    for place, _, names in os.walk(folder):
        if Path(place).stat().st_mtime < since:
            continue
        for name in names:
            path = f"{place}/{name}"
            if not name.endswith(".tmp") and Path(path).stat().st_mtime >= since:
                found.append(path)
    return found


def system(configuration: Configuration) -> str:
    """The identifier of the database whose backups the mirror has; nothing when it is empty."""
    folder = STATE / "mirror"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    _rsync(configuration, [f"--include=/{SYSTEM}", "--exclude=*", "FROM", f"{folder}/"])
    file = folder / SYSTEM
    return file.read_text().strip() if file.exists() else ""


@contextmanager
def fetched(configuration: Configuration, *, whole: bool = True) -> Iterator[Repository]:
    """The mirror's backups on this host, to restore from. What is here unchanged is not sent, but
    all of it is read there, so that damage is found. Gone when the body ends.

    Without `whole` it is only what tells which backups there are.
    """
    folder = place(configuration).with_suffix("" if whole else ".list")
    skipped = [] if whole else [f"--exclude={pattern}" for pattern in BULK]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o711)
    try:
        with disk_guard.guarded(configuration):
            for part, owner in zip(PARTS, ("postgres:postgres", "root:root"), strict=True):
                only = [f"--include=/{part}/***", "--exclude=*", "-og", f"--chown={owner}"]
                beside = ["--checksum", f"--link-dest={configuration.directory}"]
                _rsync(configuration, [*beside, *skipped, *only, "FROM", f"{folder}/"])
        yield Repository(NAME, 1, f"{folder}/files", [], f"{folder}/database")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def adopt(configuration: Configuration) -> None:
    """What was fetched becomes this host's own, whose history goes on in it."""
    for part in PARTS:
        own = Path(configuration.directory) / part
        shutil.rmtree(own)
        (place(configuration) / part).rename(own)


def place(configuration: Configuration) -> Path:
    """Where what is fetched comes to be."""
    return Path(configuration.directory) / NAME


def record() -> tuple[float, str]:
    """Up to when everything is in the mirror, seconds of the epoch, and why not since then."""
    try:
        found = json.loads(RECORD.read_text())
        return float(found["sent"]), str(found["failed"])
    except (OSError, ValueError, KeyError):
        return 0.0, ""


@contextmanager
def _recorded() -> Iterator[float]:
    """Note how the body ended. Gives up to when everything was sent before."""
    begin, (since, _) = time.time(), record()
    try:
        yield since
    except BackupError as error:
        disk.write_json(RECORD, {"sent": since, "failed": str(error)})
        raise
    disk.write_json(RECORD, {"sent": begin, "failed": ""})


def _rsync(configuration: Configuration, words: list[str], stdin: str = "") -> None:
    mirror = configuration.mirror
    if mirror is None:
        raise BackupError("there is no mirror: backup.mirror.host says where one is to be")
    remote = f"{mirror.user}@{mirror.host}:{mirror.path}/"
    words = [remote if word in ("TO", "FROM") else word for word in words]
    options = ["-rt", "--numeric-ids", "-e", _ssh(mirror)]
    try:
        run(["rsync", *options, *words], stdin=stdin)
    except BackupError as error:
        if "Permission denied (" in str(error):
            raise BackupError(f"{error}\n=> let this key in there: {mirror.public_key}") from None
        raise


def _ssh(mirror: Mirror) -> str:
    given = {
        "Port": mirror.port,
        "IdentityFile": f"{FOLDER}/mirror-key",
        "IdentitiesOnly": "yes",
        "UserKnownHostsFile": f"{FOLDER}/known_hosts",
        "StrictHostKeyChecking": "yes",
        "BatchMode": "yes",
        "ConnectTimeout": mirror.timeout,
        "ServerAliveInterval": mirror.timeout,
    }
    return " ".join(["ssh", "-F", "/dev/null", *(f"-o{name}={of}" for name, of in given.items())])
