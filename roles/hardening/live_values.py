"""What the kernel holds at this moment, compared with what the file says."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from roles.core.entries import Entry, File

from .files import SYSCTL


def kernel_values(entries: Iterable[Entry]) -> dict[str, str]:
    """The settings in the sysctl file among `entries`, by their paths under /proc/sys; `*` in one
    stands for each interface."""
    lines = [
        line
        for entry in entries
        if isinstance(entry, File) and entry.path == SYSCTL
        for line in entry.data.decode().splitlines()
        if " = " in line and not line.startswith("#")
    ]
    pairs = (line.split(" = ") for line in lines)
    return {f"/proc/sys/{key.replace('.', '/')}": value for key, value in pairs}


def as_wanted(entries: Iterable[Entry]) -> str:
    """A shell test: the kernel has all of them. One that this kernel lacks is passed over."""
    tests = [
        f'said=$(cat {path} 2>/dev/null | sort -u); [ "${{said:-{value}}}" = {shlex.quote(value)} ]'
        for path, value in kernel_values(entries).items()
    ]
    return " &&\n".join(f"{{ {test}; }}" for test in tests)


APPLY = f"/lib/systemd/systemd-sysctl {SYSCTL}"
