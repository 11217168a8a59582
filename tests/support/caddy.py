"""Caddy, which is a certificate authority: the system's, or Debian's where the system has none."""

from __future__ import annotations

import fcntl
import shutil
import subprocess

from vagrant.driver import ROOT

FOLDER = ROOT / ".cache" / "caddy"
SUITE = "bookworm"


def program() -> str:
    """Its path. Ubuntu 22.04 has no package; Debian's is unpacked, and not installed."""
    if found := shutil.which("caddy"):
        return found
    FOLDER.parent.mkdir(exist_ok=True)
    with FOLDER.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not FOLDER.exists():
            _unpack()
    return str(FOLDER / "usr" / "bin" / "caddy")


def _unpack() -> None:
    """What the machine needs to reach the mirrors is said once more: apt's settings are its own."""
    asked = subprocess.run(
        ["apt-config", "dump", "--format", '%f "%v";%n'], check=True, capture_output=True, text=True
    ).stdout
    wanted = (
        "Acquire::http::Proxy",
        "Acquire::https::Proxy",
        "Acquire::Check-",
        "Acquire::Retries",
    )
    kept = [line for line in asked.splitlines() if line.startswith(wanted) and '""' not in line]
    new, keys = FOLDER.with_suffix(".new"), FOLDER.with_suffix(".keys")
    for folder in (new, keys):
        shutil.rmtree(folder, ignore_errors=True)
    trusted = subprocess.run(
        [ROOT / "vagrant" / "keyring", SUITE, keys], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    subprocess.run(
        [
            "mmdebstrap", "--quiet", "--variant=extract", "--include=caddy", *trusted,
            *(f"--aptopt={line}" for line in kept), SUITE, str(new),
        ],
        check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    new.rename(FOLDER)
