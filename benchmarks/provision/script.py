"""The steps as a plain shell script: install, copy, start. It checks nothing, and asks only where
doing it again would be wrong, such as a host's own keys."""

from __future__ import annotations

import base64
import io
import shlex
import tarfile
from collections.abc import Iterable
from pathlib import Path

from roles.core.entries import Absent, Directory, File, Link
from roles.postgres.changes import plan, script
from roles.postgres.session import psql
from roles.postgres.state import State

from .steps import Commands, Database, Files, Packages, Release, Running, Step

SCRIPT = "install.sh"
PAYLOAD = "files.tar"
THERE = "/root/files"
"""Where the payload is unpacked on the host."""

HEAD = f"""#!/bin/sh
set -e
export DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
mkdir -p {THERE}
tar -xf - -C {THERE}
"""


def write(steps: Iterable[Step], folder: Path) -> None:
    """The script, and the archive that it reads from its standard input, below `folder`."""
    lines = [HEAD]
    with tarfile.open(folder / PAYLOAD, "w") as payload:
        for number, step in enumerate(steps):
            lines.append(f"echo '== {type(step).__name__}'")
            lines += _lines(step, number, payload)
    (folder / SCRIPT).write_text("\n".join(lines) + "\n")


def _lines(step: Step, number: int, payload: tarfile.TarFile) -> list[str]:
    lines: list[str] = []
    stdin: bytes | None = None
    if isinstance(step, Packages):
        lines = [
            "apt-get -qq update",
            f"apt-get -qq install -y --no-install-recommends {shlex.join(step.names)} >/dev/null",
        ]
    elif isinstance(step, Files):
        lines = _files(step, number)
        stdin = _archive(step)
    elif isinstance(step, Running):
        units = shlex.join(service.unit for service in step.services)
        lines = [f"systemctl enable -q {units}", f"systemctl restart {units}"]
    elif isinstance(step, Commands):
        commands = "\n".join(step.commands)
        lines = [
            f"if ! (\n{step.unless}\n) >/dev/null 2>&1; then",
            f"(\n{commands}\n) < {THERE}/{number}",
            "fi",
        ]
        stdin = (step.stdin or "").encode()
    elif isinstance(step, Database):
        lines = [f"( {psql(step.port)} -f - ) < {THERE}/{number} >/dev/null"]
        stdin = script(plan(step.wanted, State(), step.version)).encode()
    elif isinstance(step, Release):
        lines = [f"{shlex.join(step.command)} < {THERE}/{number}"]
        stdin = base64.encodebytes(step.archive())
    if stdin is not None:
        _put(payload, f"{number}", stdin)
    return lines


def _archive(step: Files) -> bytes:
    """A role's files and folders with their modes, owned by root."""
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w") as archive:
        for entry in step.of(Directory):
            made = tarfile.TarInfo(entry.path.lstrip("/"))
            made.type, made.mode = tarfile.DIRTYPE, entry.mode
            archive.addfile(made)
        for entry in step.of(File):
            _put(archive, entry.path.lstrip("/"), entry.data, entry.mode)
        for entry in step.of(Link):
            link = tarfile.TarInfo(entry.path.lstrip("/"))
            link.type, link.linkname = tarfile.SYMTYPE, entry.target
            archive.addfile(link)
    return inner.getvalue()


def _files(step: Files, number: int) -> list[str]:
    things = [*step.of(Directory), *step.of(File)]
    owned = [entry for entry in things if (entry.owner, entry.group) != ("root", "root")]
    chown = [f"chown {entry.owner}:{entry.group} {shlex.quote(entry.path)}" for entry in owned]
    return [
        f"tar -xpf {THERE}/{number} -C /",
        *(f"rm -f {shlex.quote(entry.path)}" for entry in step.of(Absent)),
        # A command may read these as their owner, or be what makes the owner.
        *(f"{line} 2>/dev/null || :" for line in chown),
        *step.commands,
        *chown,
    ]


def _put(archive: tarfile.TarFile, name: str, data: bytes, mode: int = 0o600) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(data), mode
    archive.addfile(member, io.BytesIO(data))
