"""Each process of the application and each service, by systemd's own accounting."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CGROUPS = tuple(Path("/sys/fs/cgroup") / name for name in ("", "systemd", "unified"))
"""Where systemd has its units: by themselves, or beside the kernel's older hierarchies."""
SERVICES = ("nginx.service", "pgbouncer.service", "redis-server.service")
CLUSTERS = "postgresql@*.service"
PAGE = os.sysconf("SC_PAGE_SIZE")
SLOT = re.compile(r"-(blue|green)(?=@|\.)")


class Units:
    """The units of `app` in both of its slots, and the host's services."""

    def __init__(self, app: str) -> None:
        self.app = app
        listed = _said("systemctl", "list-units", "--plain", "--no-legend", CLUSTERS)
        names = [*SERVICES, *(line.split()[0] for line in listed.splitlines() if line.strip())]
        self.services = {name: place for name in names if (place := _place(name))}
        self.slice = _place(f"{app}.slice")

    def release(self) -> str:
        """What is live: the link's target, which names the release."""
        try:
            return Path(f"/srv/{self.app}/current").resolve().name
        except OSError:
            return ""

    def read(self) -> dict[str, dict[str, Any]]:
        """By unit: CPU seconds until now, memory, its ceiling, tasks, descriptors."""
        found, live = {}, live_slot(self.app)
        for name, place in (*self.services.items(), *self._own()):
            try:
                found[plain(name, live)] = measured(place)
            except OSError:
                continue  # it has just ended
        return found

    def _own(self) -> Iterator[tuple[str, Path]]:
        if not self.slice:
            return
        for folder, folders, _ in os.walk(self.slice):
            if folder.endswith(".service"):
                folders.clear()
                yield os.path.basename(folder), Path(folder)  # noqa: PTH119


def live_slot(app: str) -> str:
    """The slot whose processes answer; empty where a host has none."""
    try:
        return Path(f"/srv/{app}/live").readlink().name
    except OSError:
        return ""


def plain(unit: str, live: str = "") -> str:
    """A process is the same one in the next release's slot. The other slot has the release before,
    frozen, or the next one that starts.

    >>> plain("shop-web-green@2.service", "green"), plain("shop-web-green@2.service", "blue")
    ('shop-web@2', 'shop-web@2, other release')
    """
    slot = SLOT.search(unit)
    beside = ", other release" if slot and live and slot[1] != live else ""
    return SLOT.sub("", unit).removesuffix(".service") + beside


def measured(place: Path) -> dict[str, Any]:
    """What one unit uses. Where systemd does not account for it, its processes are asked."""
    pids = [int(each) for path in _procs(place) for each in path.read_text().split()]
    usage = _pairs(place / "cpu.stat").get("usage_usec")
    memory = _pairs(place / "memory.stat").get("anon")
    each = [_process(pid) for pid in pids] if usage is None or memory is None else []
    return {
        "cpu": usage / 1e6 if usage is not None else sum(one[0] for one in each),
        "memory": memory if memory is not None else sum(one[1] for one in each),
        "current": _number(place / "memory.current"),
        "ceiling": _number(place / "memory.max"),
        "tasks": _number(place / "pids.current") or len(pids),
        "descriptors": sum(map(_descriptors, pids)),
        "first": min(pids, default=0),
    }


def _procs(place: Path) -> Iterator[Path]:
    yield place / "cgroup.procs"
    yield from place.glob("*/cgroup.procs")


def _process(pid: int) -> tuple[float, int]:
    try:
        rest = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return 0, 0
    return (int(rest[11]) + int(rest[12])) / os.sysconf("SC_CLK_TCK"), int(rest[21]) * PAGE


def _descriptors(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208
    except OSError:
        return 0


def _pairs(path: Path) -> dict[str, int]:
    try:
        rows = (line.split() for line in path.read_text().splitlines())
        return {row[0]: int(row[1]) for row in rows if len(row) == 2}
    except OSError:
        return {}


def _number(path: Path) -> int | None:
    try:
        said = path.read_text().strip()
    except OSError:
        return None
    return int(said) if said.isdigit() else None


def _place(unit: str) -> Path | None:
    said = _said("systemctl", "show", "--property=ControlGroup", "--value", unit).strip()
    places = (root / said.lstrip("/") for root in CGROUPS)
    return (
        next((place for place in places if (place / "cgroup.procs").exists()), None)
        if said
        else None
    )


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
