"""Numbers that follow from the machine: pure functions."""

from roles.core.machine import Machine

from .settings import Redis

SHARE = 10  # of the RAM: a cache is worth less than the database's own
FLOOR_MB = 64
CEILING_MB = 8192
OWN_FILES = 128  # descriptors besides the clients': Redis reserves 32


def maxmemory_mb(settings: Redis, machine: Machine) -> int:
    """Memory for data, MiB."""
    if settings.maxmemory_mb is not None:
        return settings.maxmemory_mb
    return min(max(machine.memory_mb // SHARE, FLOOR_MB), CEILING_MB)


def claimed_mb(settings: Redis, machine: Machine) -> int:
    """RAM that Redis may take at worst, MiB: its data, and half of them again.

    While a snapshot is written, each page that changes exists twice; the rest is fragmentation and
    the clients' buffers (https://redis.io/docs/latest/operate/oss_and_stack/management/admin/).
    """
    return maxmemory_mb(settings, machine) * 3 // 2


def open_files(settings: Redis, machine: Machine) -> int:
    """Limit of open files, descriptors."""
    return min(settings.maxclients + OWN_FILES, machine.open_files)
