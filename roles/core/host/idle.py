"""Slices of processes that take what CPU others leave.

With a share of the CPU, however small, a group lets others wait until its turn is over; an idle
group is put off at once by whoever wakes in a group beside it. Kernels know idle groups since 5.15;
systemd says it to them since 252 only.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
CONTROLLERS = ("", "cpu", "cpu,cpuacct")
"""Folders of the controller: none in control groups of the second version."""


def group(unit: str) -> str:
    """The control group of a slice, which is inside of those that its name begins with.

    >>> group("my-shop.slice")
    'my.slice/my-shop.slice'
    """
    parts = unit.removesuffix(".slice").split("-")
    return "/".join(f"{'-'.join(parts[:n])}.slice" for n in range(1, len(parts) + 1))


def has_group(unit: str) -> bool:
    """Whether a slice has a control group that can be idle: it has one once it was started."""
    return bool(_files(unit))


def is_idle(unit: str) -> bool:
    """Whether a slice is an idle group."""
    return any(map(_says_so, _files(unit)))


def make(unit: str, *, idle: bool) -> None:
    """Make a slice an idle group, or one with a weight. A host that knows none stays as it is."""
    for file in _files(unit):
        with suppress(OSError):
            if _says_so(file) != idle:
                file.write_text("1" if idle else "0")


def _files(unit: str) -> list[Path]:
    places = (GROUPS / controller / group(unit) for controller in CONTROLLERS)
    return [file for place in places if (file := place / "cpu.idle").exists()]


def _says_so(file: Path) -> bool:
    with suppress(OSError):  # it has gone
        return file.read_text().strip() == "1"
    return False
