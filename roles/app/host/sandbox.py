"""What a build's commands see of the host: their release's folder, a passing home, registries.

Kept to what systemd 247 knows, as systemd-run takes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from roles.core.host import network

RUN = Path("/run")
# What the application's own processes and hooks do not see of the host. They speak on standard
# output: in the journal's sockets they could speak as any program, under sshd's name too. systemd,
# logind and others take orders and tell all they know. Who logs in, and from where, is no business
# of an application either. Each word at notify keeps the first process of the host busy, and makes
# a line of the journal in its name.
HIDDEN = (
    "/run/systemd/journal", "/run/dbus", "/run/systemd/private", "/run/systemd/transient",
    "/run/systemd/sessions", "/run/systemd/users", "/run/readyhost-known", "/run/utmp", "/var/log",
    "/run/systemd/notify", "/run/systemd/io.system.ManagedOOM",
)  # fmt: skip
# systemd needs these itself while it sets a sandbox up; resolve has the names of name servers.
_KEPT = {"inaccessible", "incoming", "propagate", "unit-root", "resolve"}


def properties(
    home: Path, seen_as: Path, writable: Iterable[Path], readable: Iterable[Path]
) -> dict[str, str]:
    """Properties of a unit that runs a build's command.

    home: a folder of this build alone, which it sees as `seen_as`; writable: its release's folder;
    readable: more of /srv that it sees. Nothing else of /srv is there.
    """
    binds = [f"{home}:{seen_as}", *(f"{path}:{path}" for path in writable)]
    shown = [*(f"{path}:{path}" for path in readable), *network.binds()]
    wanted = {
        "TemporaryFileSystem": "/srv:ro /dev/shm:rw,mode=1777 /dev/mqueue:ro",
        "BindPaths": " ".join(binds),
        "BindReadOnlyPaths": " ".join(shown),
        "InaccessiblePaths": " ".join(f"-{path}" for path in _doors(RUN)),
        "ReadWritePaths": " ".join(str(path) for path in (seen_as, *writable)),
        **network.properties(),
        "RemoveIPC": "yes",
        "ProtectProc": "invisible",
        "ProtectClock": "yes",
        "ProtectHostname": "yes",
        "ProtectKernelLogs": "yes",
        "ProtectKernelModules": "yes",
        "LockPersonality": "yes",
        "CapabilityBoundingSet": "",
        "KeyringMode": "private",
        "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        "RestrictNamespaces": "yes",
        "RestrictRealtime": "yes",
        "RestrictSUIDSGID": "yes",
        "SystemCallArchitectures": "native",
        "SystemCallFilter": "~@clock @cpu-emulation @debug @module @mount @obsolete @raw-io @reboot"
        " @swap",
        "SystemCallErrorNumber": "EPERM",
        # What a command left running ends with it, at once.
        "KillMode": "control-group",
        "KillSignal": "SIGKILL",
    }
    # An empty list of paths is an error to systemd-run; an empty set of capabilities is meant.
    return {k: v for k, v in wanted.items() if v or k == "CapabilityBoundingSet"}


def _doors(run: Path) -> list[str]:
    """What lies in /run: sockets of databases, of D-Bus and systemd, of the application."""
    if not run.is_dir():
        return []
    inner = run / "systemd"
    outer = [path for path in run.iterdir() if path != inner and not path.is_symlink()]
    more = [path for path in inner.iterdir() if path.name not in _KEPT] if inner.is_dir() else []
    # systemd takes a space for the end of a path, and no service makes one with it.
    return sorted(str(path) for path in [*outer, *more] if " " not in path.name)
