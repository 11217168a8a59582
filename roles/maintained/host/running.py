"""What still runs as it was before an upgrade: the kernel, and services with replaced libraries."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from .findings import Finding, some, warning

REBOOT = Path("/run/reboot-required")
PROC = Path("/proc")
_REPLACED = re.compile(r" (/(?:usr/)?lib[^ ]*/([^/ ]+\.so[^/ ]*)) \(deleted\)$")
_UNIT = re.compile(r"^[A-Za-z0-9@:._\\-]+\.(?:service|scope)$")


def reboot(file: Path = REBOOT) -> list[Finding]:
    """Whether an upgrade waits for a reboot, and whose."""
    if not file.exists():
        return []
    packages = file.with_name(f"{file.name}.pkgs")
    names = sorted(set(packages.read_text().split())) if packages.exists() else []
    why = f" for {some(names)}" if names else ""
    return [warning("reboot", f"a reboot is needed{why}")]


def replaced(proc: Path = PROC) -> list[Finding]:
    """Units of which a process has a library in memory that is no longer the one on the disk."""
    libraries: dict[str, set[str]] = {}
    for process in proc.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended
            if found := _libraries(process / "maps"):
                libraries.setdefault(_unit(process / "cgroup"), set()).update(found)
    if not libraries:
        return []
    names = sorted({name for found in libraries.values() for name in found})
    text = (
        f"libraries that an upgrade has replaced ({some(names, 3)}) are still used by"
        f" {some(sorted(libraries))}: restart that, or reboot"
    )
    return [warning("library", text)]


def _libraries(maps: Path) -> set[str]:
    """Names of the system's libraries that are gone from the disk. The kernel writes a line break
    in a path as an escape."""
    lines = maps.read_text(errors="replace").splitlines()
    return {match[2] for line in lines if (match := _REPLACED.search(line))}


def _unit(cgroup: Path) -> str:
    """The last part of a control group's path that is a unit."""
    parts = cgroup.read_text(errors="replace").strip().split("/")
    return next((part for part in reversed(parts) if _UNIT.match(part)), "a process of no unit")
