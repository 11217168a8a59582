"""The swap file."""

from __future__ import annotations

FILE = "/swapfile"


def as_wanted(size_mb: int) -> str:
    """A shell test: the host has as much swap as wanted, in our file or in one of its own."""
    if not size_mb:
        return f"! [ -e {FILE} ]"
    ours = f"[ $(stat -c %s {FILE}) = {size_mb * 2**20} ] && grep -q '^{FILE} ' /proc/swaps"
    foreign = (
        f'awk -v min={size_mb * 1024} \'NR > 1 && $1 != "{FILE}" {{ kb += $3 }}'
        " END { exit kb < min * 0.9 }' /proc/swaps"
    )
    return f"{{ {ours}; }} || {{ ! [ -e {FILE} ] && {foreign}; }}"


def commands(size_mb: int) -> list[str]:
    """Make the file with that size, nobody else's to read, and use it from now on."""
    lines = [
        f"! grep -q '^{FILE} ' /proc/swaps || swapoff {FILE}",
        f"rm -f {FILE}",
    ]
    if not size_mb:
        return lines
    return [
        *lines,
        "umask 077",
        # Some file systems cannot swap to a file that was only reserved.
        f"fallocate -l {size_mb}M {FILE}",
        f"mkswap {FILE} >/dev/null",
        f"swapon {FILE} 2>/dev/null || {{ dd if=/dev/zero of={FILE} bs=1M count={size_mb}"
        f" status=none; mkswap {FILE} >/dev/null; swapon {FILE}; }}",
    ]
