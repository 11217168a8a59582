"""Files: the uploads, further paths, the backups' record, and Redis' snapshot if it counts."""

from __future__ import annotations

import hashlib
import json
import os
import random
import stat
from collections.abc import Sequence
from pathlib import Path

from roles.core.host import disk
from roles.core.host.walk import walk

from . import hollow, redis, restic
from .configuration import STATE, Configuration
from .errors import BackupError

TAG = "files"
SAMPLE = STATE / "sample.json"
BLOCK = 1 << 20


def backup(configuration: Configuration) -> int:
    """Back up to each repository. Returns the bytes added."""
    STATE.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = [path for path in configuration.paths if Path(path).exists()]
    if configuration.redis_socket:
        paths.append(redis.snapshot(configuration.redis_socket))
    # One file that its owner made of nothing must keep nobody else's backup waiting.
    without = hollow.left_out(configuration.paths, configuration.hollow_gb)
    before = sample(Path(configuration.sampled), configuration.sample_files, without)
    reasons, size = [], 0
    for repository in configuration.repositories:
        try:
            size += restic.save(configuration, repository, TAG, [*paths, str(STATE)], without)
        except BackupError as error:
            reasons.append(f"{repository.name}: {error}")
    # What changed meanwhile may be in the backup either way, and proves nothing.
    same = {path: noted for path, noted in before.items() if noted == note(Path(path))}
    disk.write(SAMPLE, json.dumps(same))
    if without:
        reasons.append(str(hollow.refusal(without, configuration.hollow_gb)))
    if reasons:
        raise BackupError("\n".join(reasons))
    return size


def sample(folder: Path, count: int, without: Sequence[str] = ()) -> dict[str, list[str | int]]:
    """Up to `count` files below `folder`, but `without` some, chosen at random, each with size and
    checksum."""
    chosen: list[str] = []
    seen, left_out = 0, set(without)
    if str(folder) in left_out:
        return {}
    for place, _, names in walk(folder):
        for name in names:
            path = f"{place}/{name}"
            if path in left_out or Path(path).is_symlink() or "\n" in path:
                continue
            seen += 1  # reservoir sampling: every file is as likely, however many there are
            if len(chosen) < count:
                chosen.append(path)
            elif (place_ := random.randrange(seen)) < count:  # noqa: S311 - no secret
                chosen[place_] = path
    noted = {path: note(Path(path)) for path in chosen}
    return {path: value for path, value in noted.items() if value}


def note(path: Path) -> list[str | int]:
    """Size and SHA-256 of a file; nothing when there is none."""
    try:
        digest = hashlib.sha256()
        # A pipe in the uploads would be waited for, and a link leads to others' files.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                return []
            while block := file.read(BLOCK):
                digest.update(block)
        return [found.st_size, digest.hexdigest()]
    except OSError:
        return []
