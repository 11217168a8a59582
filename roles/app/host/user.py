"""Commands of the build user and of the application's: unprivileged, with little to write to."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from roles.core.host import disk, unit

from . import cause, fetched, missing, output, sandbox
from .definition import Definition
from .errors import ReleaseError
from .layout import Layout
from .room import Guard

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
# Whoever the host trusts, and whichever package mirror it is told to use, builds do as well.
HOST_WIDE = {
    "PIP_CERT": CERTIFICATES,
    "NODE_EXTRA_CA_CERTS": CERTIFICATES,
    "NPM_CONFIG_GLOBALCONFIG": "/etc/npmrc",
}
SLICE = "readyhost_build.slice"  # no application can be called so
PATIENCE = 10  # seconds that the kernel gets to end what was killed
SHOWN = 25  # lines of a failed command's output
READ = 2**16  # bytes of it that they are looked for in


@dataclass(frozen=True)
class Account:
    """Who a command runs as: what it may write to, its variables, more properties of its unit."""

    name: str
    writable: tuple[Path, ...]
    env: Mapping[str, str]
    properties: Mapping[str, str]
    env_file: Path
    """For root alone: where a command's variables are handed to systemd."""


def builder(layout: Layout, folder: Path | None, readable: Iterable[Path] = ()) -> Account:
    """The user that builds in `folder`; of /srv it sees that, its home of this build, and
    `readable`."""
    env = {"HOME": str(layout.build_home), "CI": "true", **HOST_WIDE}
    # The live release goes first, and so does all that it needs: also where memory runs out, or
    # many small processes of a build would outlive the large ones of a service.
    behind = {
        "Slice": SLICE,
        "Nice": "10",
        "IOSchedulingClass": "idle",
        "OOMScoreAdjust": "1000",
    }
    own = [folder] if folder else []
    closed = sandbox.properties(layout.build_now, layout.build_home, own, readable)
    file = _env_file(layout)
    return Account(layout.build_user, (), env, {**closed, **behind}, file)


def application(layout: Layout, definition: Definition) -> Account:
    """The application's user with its environment, which no command line shows."""
    properties = {
        "EnvironmentFile": str(definition.folder / "env"),
        "InaccessiblePaths": " ".join(f"-{path}" for path in (layout.etc, *sandbox.HIDDEN)),
        "IPAddressDeny": str(definition.hooks.get("address_deny", "")),
        "Slice": f"{layout.name}.slice",
    }
    if definition.hooks.get("among"):  # of the other applications it sees no file
        properties |= {"TemporaryFileSystem": "/srv:ro", "BindReadOnlyPaths": str(layout.home)}
    env = {"HOME": str(layout.home)}
    return Account(layout.name, (layout.uploads,), env, properties, _env_file(layout))


def uid(name: str) -> int:
    """The number of a user."""
    return pwd.getpwnam(name).pw_uid


def require_gone(name: str) -> None:
    """Raise ReleaseError while a process of the user lives: what it owns could change meanwhile."""
    number, end = uid(name), time.monotonic() + PATIENCE
    while living := _processes(number):
        if time.monotonic() > end:
            raise ReleaseError(f"processes of {name} go on: {', '.join(living)}")
        time.sleep(0.1)


def _processes(number: int) -> list[str]:
    living = []
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if path.stat().st_uid == number:
                living.append(path.name)
    return living


def _env_file(layout: Layout) -> Path:
    return layout.lock.with_name(f"{layout.name}-step.env")


def run(
    account: Account,
    command: str,
    folder: Path,
    log: Path,
    *,
    env: Mapping[str, str],
    timeout: int,
    stdin: IO[bytes] | None = None,
    reserve_mb: int = 0,
    own: fetched.Own | None = None,
) -> None:
    """Run a shell command in `folder`; its output goes to the end of `log`.

    reserve_mb: it is ended when the disk has less than that left. own: what it is, where it is the
    toolkit's and nobody knows its lines.

    Whatever it started is gone when this returns. Raises ReleaseError with its last lines.
    """
    with log.open("ab") as said_to:
        said_to.write(f"$ {command}\n".encode())
        said_to.flush()
        begin = said_to.tell()
        # A command line, and what systemd is asked for, is there for everybody to read.
        variables = {"LANG": "C.UTF-8", **account.env, **{n: _printable(v) for n, v in env.items()}}
        lines = [f"{name}={quoted(value)}\n" for name, value in variables.items()]
        account.env_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        disk.write(account.env_file, "".join(lines).encode(), 0o600)
        since, begun = time.monotonic(), time.time()
        named = f"{account.env_file.stem}-{os.getpid()}-{since * 1000:.0f}.service"
        guard = Guard(named, [folder], reserve_mb)
        started = [
            *_systemd_run(account, folder, timeout),
            f"--unit={named}",
            *("/bin/sh", "-ec", unit.verbatim(command)),
        ]
        try:
            with guard:
                status = _copied(started, stdin or subprocess.DEVNULL, said_to)
        finally:
            account.env_file.unlink()
    if guard.said or status:
        said = _end(log, begin)
        if guard.said:
            why = f"the disk is nearly full: {guard.said}"
        elif time.monotonic() - since >= timeout:
            setting = "app.hooks.timeout_seconds" if "HOOK" in env else "app.build.timeout_seconds"
            why = f"timeout: it took longer than {timeout} s, {setting}"
        else:
            why = cause.step(named, begun, status)
        if own and not guard.said and (words := own.meaning(said)):
            raise ReleaseError(words)
        what = own.name if own else f"`{command}`"
        advice = missing.advice(command, said) or fetched.advice(command, said)
        lines = [f"{what} failed ({why})", advice, "its last lines:"]
        raise ReleaseError("\n".join([*filter(None, lines), *said.splitlines()[-SHOWN:]]))


def _copied(command: list[str], stdin: int | IO[bytes], log: IO[bytes]) -> int:
    """Run a program, what it prints going to `log`. Its exit status."""
    with subprocess.Popen(
        command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0
    ) as process:
        try:
            if process.stdout:
                output.copy(process.stdout, log)
            return process.wait()
        except BaseException:
            process.kill()
            raise


def _end(log: Path, begin: int) -> str:
    """The last of what was said from `begin` on: it may have been more than there is memory."""
    with log.open("rb") as file:
        file.seek(max(begin, log.stat().st_size - READ))
        return file.read(READ).decode(errors="replace")


def quoted(value: str) -> str:
    """A value as systemd's EnvironmentFile takes it, byte for byte."""
    escaped = re.sub(r'(["\\\\$`])', r"\\\1", value)
    return f'"{escaped}"'


def _systemd_run(account: Account, folder: Path, timeout: int) -> list[str]:
    properties = {
        "User": account.name,
        "WorkingDirectory": str(folder),
        "ProtectSystem": "strict",
        # ProtectProc= and others have systemd put it in place anew: writable, but for this.
        "ReadOnlyPaths": str(sandbox.RUN),
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "ProtectKernelTunables": "yes",
        "ProtectControlGroups": "yes",
        "NoNewPrivileges": "yes",
        "RuntimeMaxSec": str(timeout),
        "UMask": "0022",
        "ReadWritePaths": " ".join(str(path) for path in account.writable),
        **account.properties,
    }
    # Beside the account's own, which it does not replace.
    own = unit.properties({"EnvironmentFile": str(account.env_file)})
    return [*unit.RUN, *unit.properties(properties), *own]


def _printable(value: str) -> str:
    """A variable's value as systemd takes it: what an application said may hold anything."""
    return "".join(c if c.isprintable() or c in "\t\n" else "?" for c in value)
