"""What a command prints, into a log that does not grow with it."""

from __future__ import annotations

from typing import IO

MIB = 2**20
HEAD = 32 * MIB
"""Of a command's output the log has so much from the beginning on: hundreds of times of what builds
print, and little beside the 512 MiB of free disk that one begins with."""
TAIL = MIB
"""And at most so much of the end, where the reason is."""
PART = 2**16


def copy(source: IO[bytes], log: IO[bytes]) -> None:
    """Until its end. What is too much is read, so that nobody waits, and left out."""
    left, tail, dropped = HEAD, bytearray(), 0
    while part := source.read(PART):
        log.write(part[:left])
        log.flush()  # somebody may follow it
        tail += part[left:]
        left = max(0, left - len(part))
        if len(tail) > 2 * TAIL:
            dropped += len(tail) - TAIL
            del tail[:-TAIL]
    if dropped:
        log.write(f"\n[{dropped} bytes of this command's output are left out here]\n".encode())
    log.write(tail)
