"""Numbers that follow from the machine: pure functions."""

from roles.core.machine import Machine

from .settings import Base

SWAP_CEILING_MB = 2048
OPEN_FILES_FLOOR = 65_536
FILES_PER_CONNECTION = 4  # the client's socket, its upstream's, a cached file, one to spare


def power_of_two(number: int) -> int:
    """The smallest power of two that is not below `number`; the kernel rounds its queues so."""
    return 1 << max(0, number - 1).bit_length()


def listen_backlog(settings: Base) -> int:
    """Completed connections that may wait for accept(), connections.

    Everybody may arrive at the same moment (a balancer's restart), so it is all of them.
    """
    return power_of_two(settings.connections)


def open_files(settings: Base, machine: Machine) -> int:
    """Soft limit of open files for every service, descriptors; never beyond what PID 1 may have."""
    wanted = max(OPEN_FILES_FLOOR, power_of_two(settings.connections * FILES_PER_CONNECTION))
    return min(wanted, machine.open_files)


def swap_mb(settings: Base, machine: Machine) -> int:
    """Size of the swap file, MiB; 0 for none."""
    if settings.swap_mb is not None:
        return settings.swap_mb
    return min(machine.memory_mb, SWAP_CEILING_MB)
