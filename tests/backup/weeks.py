"""Five weeks of files in half a minute, on a box: weeks.py DAYS. restic takes a snapshot's time as
an argument; the rest is what the host's program does every day. Says which days are restored."""

import sys
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, "/usr/local/lib/readyhost")
from backup import configuration, restic  # type: ignore[import-not-found]

DAYS = int(sys.argv[1])
FOLDER = Path("/dev/shm/kept-files")
HERE = configuration.Repository("kept", 1, "/dev/shm/kept-restic", [])
plain = restic.restic


def at(day: int) -> list[str]:
    moment = datetime(2026, 1, 1, 3, 10) + timedelta(days=day)  # noqa: DTZ001 - the box's is UTC
    return ["--time", moment.strftime("%Y-%m-%d %H:%M:%S")]


def last(repository: object, *words: str) -> str:
    return str(plain(repository, *words, *(at(DAYS - 1) if words[0] == "backup" else [])))


FOLDER.mkdir()
restic.prepare(HERE)
for day in range(DAYS - 1):
    (FOLDER / "day").write_text(str(day))
    plain(HERE, "backup", "--host", "readyhost", "--tag", "files", str(FOLDER), *at(day))
(FOLDER / "day").write_text(str(DAYS - 1))
restic.restic = last
restic.save(configuration.load(), HERE, "files", [str(FOLDER)])
for each in restic.snapshots(HERE, "files"):
    (FOLDER / "day").unlink()
    restic.restore(HERE, each["id"], "/", [str(FOLDER)])
    print("kept", (FOLDER / "day").read_text(), each["time"])
