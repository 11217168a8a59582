"""Commands of the build user and of the application's: unprivileged, with little to write to."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .definition import Definition
from .errors import ReleaseError
from .layout import Layout

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
# Whoever the host trusts, and whichever package mirror it is told to use, builds do as well.
HOST_WIDE = {
    "PIP_CERT": CERTIFICATES,
    "NODE_EXTRA_CA_CERTS": CERTIFICATES,
    "NPM_CONFIG_GLOBALCONFIG": "/etc/npmrc",
}
SLICE = "readyhost_build.slice"  # no application can be called so
SHOWN = 25  # lines of a failed command's output


@dataclass(frozen=True)
class Account:
    """Who a command runs as: what it may write to, its variables, more properties of its unit."""

    name: str
    writable: tuple[Path, ...]
    env: Mapping[str, str]
    properties: Mapping[str, str]


def builder(layout: Layout) -> Account:
    """The user that builds: it sees no secrets and touches no release but by its folder."""
    env = {"HOME": str(layout.build_home), "CI": "true", **HOST_WIDE}
    writable = (layout.build_home, layout.environments)
    # The live release goes first, and so does all that it needs.
    behind = {"Slice": SLICE, "Nice": "10", "IOSchedulingClass": "idle"}
    return Account(layout.build_user, writable, env, behind)


def application(layout: Layout, definition: Definition) -> Account:
    """The application's user with its environment, which no command line shows."""
    properties = {
        "EnvironmentFile": str(definition.folder / "env"),
        "InaccessiblePaths": f"-{layout.etc}",
        "Slice": f"{layout.name}.slice",
    }
    return Account(layout.name, (layout.uploads,), {"HOME": str(layout.home)}, properties)


def run(
    account: Account,
    command: str,
    folder: Path,
    log: Path,
    *,
    env: Mapping[str, str],
    timeout: int,
    writable: Iterable[Path] = (),
    stdin: IO[bytes] | None = None,
) -> None:
    """Run a shell command in `folder`; its output goes to the end of `log`.

    Whatever it started is gone when this returns. Raises ReleaseError with its last lines.
    """
    with log.open("ab") as output:
        output.write(f"$ {command}\n".encode())
        output.flush()
        begin = output.tell()
        done = subprocess.run(
            [*_systemd_run(account, folder, env, timeout, writable), "/bin/sh", "-ec", command],
            check=False,
            stdin=stdin or subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        said = log.read_bytes()[begin:].decode(errors="replace").splitlines()[-SHOWN:]
        raise ReleaseError("\n".join([f"`{command}` failed", "its last lines:", *said]))


def _systemd_run(
    account: Account,
    folder: Path,
    env: Mapping[str, str],
    timeout: int,
    writable: Iterable[Path],
) -> list[str]:
    properties = {
        "User": account.name,
        "WorkingDirectory": str(folder),
        "ReadWritePaths": " ".join(str(path) for path in [*account.writable, *writable]),
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "ProtectKernelTunables": "yes",
        "ProtectControlGroups": "yes",
        "NoNewPrivileges": "yes",
        "RuntimeMaxSec": str(timeout),
        "UMask": "0022",
        **account.properties,
    }
    options = [f"--property={name}={value}" for name, value in properties.items()]
    variables = {"LANG": "C.UTF-8", **account.env, **env}
    options += [f"--setenv={name}={value}" for name, value in variables.items()]
    return ["systemd-run", "--quiet", "--wait", "--pipe", "--collect", *options]
