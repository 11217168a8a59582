"""Programs that ask registries run as nobody in particular: they see lists of names and versions,
the network, and nothing of the application."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from roles.core.host import network, unit

from .findings import CouldNotLook, last_line

WITHIN = Path(__file__).with_name("within.py")
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
SECONDS = 300
LARGEST = 32 * 2**20  # bytes of an answer
MULTICAST = ("224.0.0.0/4", "ff00::/8")
# Whoever the host trusts, these programs do as well; npm's own setting is the host's.
HOST_WIDE = {
    "PIP_CERT": CERTIFICATES,
    "REQUESTS_CA_BUNDLE": CERTIFICATES,
    "NODE_EXTRA_CA_CERTS": CERTIFICATES,
    "NPM_CONFIG_GLOBALCONFIG": "/etc/npmrc",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "NO_COLOR": "1",
}


def run(
    command: Sequence[str],
    *,
    files: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
    path: str = "",
) -> str:
    """What a program prints, whatever its exit status: auditors end with 1 when they find
    something. files: what lies in its folder; path: a folder of programs that comes first.

    Raises CouldNotLook when it prints nothing, with its last words.
    """
    places = [path, "/usr/bin", "/bin"]
    variables = {
        "HOME": "/tmp",  # noqa: S108 - its own
        "PATH": ":".join(place for place in places if place),
        "LANG": "C.UTF-8",
        **HOST_WIDE,
        **(env or {}),
    }
    wanted = {"files": dict(files or {}), "env": variables, "command": list(command)}
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as printed,
        tempfile.TemporaryFile() as said,
    ):
        given.write(json.dumps(wanted).encode())
        given.seek(0)
        subprocess.run(
            [*unit.RUN, *unit.properties(properties()), "/usr/bin/python3", "-I", str(WITHIN)],
            check=False,
            stdin=given,
            stdout=printed,
            stderr=said,
        )
        printed.seek(0)
        answer = printed.read(LARGEST).decode(errors="replace").strip()
        if answer:
            return answer
        said.seek(0)
        words = said.read(LARGEST).decode(errors="replace")
    raise CouldNotLook(f"{Path(command[0]).name}: {last_line(words)}")


def properties() -> dict[str, str]:
    """Properties of the unit. Kept to what systemd 249 knows, as systemd-run takes it."""
    wanted = {
        "DynamicUser": "yes",  # a user of this run alone, with /tmp of its own, read-only else
        "WorkingDirectory": "/tmp",  # noqa: S108
        "RuntimeMaxSec": str(SECONDS),
        "LimitFSIZE": str(LARGEST),
        "MemoryMax": "1G",
        "TasksMax": "64",
        "Nice": "19",
        "IOSchedulingClass": "idle",
        # Sockets of databases and of the application; what resolves names is with systemd.
        "TemporaryFileSystem": "/srv:ro /mnt:ro /media:ro",
        "InaccessiblePaths": "-/run/postgresql -/run/redis -/run/dbus -/run/systemd/private"
        " -/run/systemd/journal -/run/systemd/transient -/run/systemd/sessions -/run/readyhost"
        " -/run/readyhost-known -/run/utmp -/var/log -/var/lib/readyhost -/etc/readyhost"
        " -/var/backups",
        "BindReadOnlyPaths": " ".join(network.binds()),
        **network.properties(MULTICAST),
        "ProtectHome": "yes",
        "ProtectProc": "invisible",
        "PrivateDevices": "yes",
        "ProtectClock": "yes",
        "ProtectHostname": "yes",
        "ProtectKernelLogs": "yes",
        "ProtectKernelModules": "yes",
        "ProtectKernelTunables": "yes",
        "ProtectControlGroups": "yes",
        "LockPersonality": "yes",
        "CapabilityBoundingSet": "",
        "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6 AF_NETLINK",
        "RestrictNamespaces": "yes",
        "RestrictRealtime": "yes",
        "SystemCallArchitectures": "native",
        "SystemCallFilter": "@system-service",
        "SystemCallErrorNumber": "EPERM",
        "KillMode": "control-group",
        "UMask": "0077",
    }
    # An empty list is an error to systemd-run; an empty set of capabilities is meant.
    return {k: v for k, v in wanted.items() if v or k == "CapabilityBoundingSet"}
