"""Redis' snapshot, for hosts where it holds more than a cache."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from .errors import BackupError
from .process import run

OPERATOR = Path("/etc/redis/operator")
FOLDER = Path("/var/lib/redis")
SNAPSHOT = FOLDER / "dump.rdb"
ASIDE = ".before-restore"
PATIENCE = 600  # seconds that writing, or reading, the snapshot may take
UNIT = "redis-server"


def snapshot(socket: str) -> str:
    """Have Redis write its data down now. Returns the path of the file."""
    end = time.monotonic() + PATIENCE
    while int(say(socket, "LASTSAVE")) >= int(time.time()):
        time.sleep(0.1)  # it counts in seconds: a snapshot of this very second is no new one
    since = say(socket, "LASTSAVE")
    say(socket, "BGSAVE SCHEDULE")
    while say(socket, "LASTSAVE") == since:
        if time.monotonic() > end:
            raise BackupError("Redis did not write its snapshot in time; see redis-cli INFO")
        time.sleep(0.2)
    return str(SNAPSHOT)


def restore(socket: str, file: Path) -> None:
    """Let Redis begin with the snapshot `file`. What it held stays beside, as *.before-restore.
    Raises BackupError when it does not answer then; the former data is back in that case."""
    run(["systemctl", "stop", UNIT])
    kept = [path for path in FOLDER.iterdir() if not path.name.endswith(ASIDE)]
    for path in kept:
        _remove(path.with_name(path.name + ASIDE))
        path.rename(path.with_name(path.name + ASIDE))
    # Without an append-only file the service makes one of the snapshot before it starts.
    shutil.copyfile(file, SNAPSHOT)
    shutil.chown(SNAPSHOT, "redis", "redis")
    SNAPSHOT.chmod(0o660)
    try:
        _start(socket)
    except BackupError as error:
        run(["systemctl", "stop", UNIT])
        for path in [path for path in FOLDER.iterdir() if not path.name.endswith(ASIDE)]:
            _remove(path)
        for path in kept:
            path.with_name(path.name + ASIDE).rename(path)
        _start(socket)
        raise BackupError(f"Redis holds what it held before: {error}") from None
    keys = say(socket, "DBSIZE")
    print(f"Redis has {keys} keys; what it held is in {FOLDER}/*{ASIDE}")


def _start(socket: str) -> None:
    run(["systemctl", "reset-failed", UNIT])
    run(["systemctl", "start", UNIT])
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if say(socket, "PING") == "PONG":
                return
        except BackupError as error:
            if run(["systemctl", "show", "-p", "NRestarts", UNIT]).strip() != "NRestarts=0":
                raise
            if time.monotonic() > end:
                raise BackupError(f"Redis does not answer: {error}") from None
        time.sleep(0.2)


def _remove(path: Path) -> None:
    run(["rm", "-rf", "--one-file-system", str(path)])


def say(socket: str, command: str) -> str:
    """The last line that Redis answers. The password goes through a pipe, and to its socket:
    who runs as the application could have taken its port."""
    script = f"{OPERATOR.read_text().strip()}\n{command}\n"
    lines = run(["redis-cli", "-s", socket], stdin=script).splitlines()
    if not lines or lines[-1].startswith(("ERR", "NOPERM", "LOADING", "(error)")):
        raise BackupError(f"Redis: {command}: {lines[-1] if lines else 'no answer'}")
    return lines[-1].strip()
