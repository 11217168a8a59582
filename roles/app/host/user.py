"""Commands of the build user: unprivileged, with nothing to write but what is built."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from .errors import ReleaseError
from .layout import Layout

CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
# Whoever the host trusts, and whichever package mirror it is told to use, builds do as well.
HOST_WIDE = {
    "PIP_CERT": CERTIFICATES,
    "NODE_EXTRA_CA_CERTS": CERTIFICATES,
    "NPM_CONFIG_GLOBALCONFIG": "/etc/npmrc",
}
SHOWN = 25  # lines of a failed command's output


def run(
    layout: Layout,
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
            [*_systemd_run(layout, folder, env, timeout, writable), "/bin/sh", "-ec", command],
            check=False,
            stdin=stdin or subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        said = log.read_bytes()[begin:].decode(errors="replace").splitlines()[-SHOWN:]
        raise ReleaseError("\n".join([f"`{command}` failed; its last lines:", *said]))


def _systemd_run(
    layout: Layout,
    folder: Path,
    env: Mapping[str, str],
    timeout: int,
    writable: Iterable[Path],
) -> list[str]:
    paths = [folder, layout.build_home, layout.environments, *writable]
    properties = {
        "User": layout.build_user,
        "WorkingDirectory": str(folder),
        "ReadWritePaths": " ".join(str(path) for path in paths),
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "PrivateDevices": "yes",
        "ProtectKernelTunables": "yes",
        "ProtectControlGroups": "yes",
        "NoNewPrivileges": "yes",
        "RuntimeMaxSec": str(timeout),
        "UMask": "0022",
        "Nice": "10",  # the live release goes first
        "IOSchedulingClass": "idle",
    }
    options = [f"--property={name}={value}" for name, value in properties.items()]
    variables = {"HOME": str(layout.build_home), "LANG": "C.UTF-8", "CI": "true"}
    variables = {**variables, **HOST_WIDE, **env}
    options += [f"--setenv={name}={value}" for name, value in variables.items()]
    return ["systemd-run", "--quiet", "--wait", "--pipe", "--collect", *options]
