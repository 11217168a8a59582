"""Putting an obtained certificate to use: whole, at once, and seen to be served."""

from __future__ import annotations

import re
import shutil
import tempfile
import time
from pathlib import Path

from roles.core.host import disk

from . import process
from .certificate import Certificate, read
from .configuration import Configuration
from .errors import CertificateError
from .layout import ISSUED, LIVE, STAMPS

SECONDS = 20  # for a reload
IN_A_ROW = 3  # answers: the former workers take a connection for a moment more


def current() -> Certificate | None:
    """The issued certificate that is in use; None when it is another kind or damaged."""
    live = Path(LIVE)
    if not live.is_symlink() or live.readlink().parent != Path(ISSUED):
        return None
    return read(live)


def put(wanted: Configuration, certificate: Certificate) -> None:
    """Use what certbot keeps for `wanted`, which is `certificate`, and let the web server know.

    certbot changes its own links one by one. A copy, to which one link is moved, can't be seen
    half-changed, not even by a host that loses power. When the web server does not show the new
    certificate in time the old one comes back, and CertificateError is raised.
    """
    folder = _copy(wanted.obtained, certificate.serial)
    live = Path(LIVE)
    before = str(live.readlink()) if live.is_symlink() else ""
    stamp = Path(STAMPS) / f"{wanted.unit}.reload"
    stamped = stamp.read_text() if stamp.is_file() else ""
    # Until the web server has it a reload is pending, whatever happens to this program.
    stamp.unlink(missing_ok=True)
    disk.link(live, folder)
    if process.attempt(["systemctl", "is-active", "-q", wanted.unit]).returncode == 0:
        try:
            process.run(["systemctl", "reload", wanted.unit])
            _served(wanted, certificate)
        except CertificateError:
            if before:
                disk.link(live, Path(before))
            raise
    if stamped:
        stamp.write_text(stamped)
    _clean(keep=str(folder))


def _copy(source: Path, serial: str) -> Path:
    Path(ISSUED).mkdir(mode=0o755, exist_ok=True)
    # Never the same folder twice: the one in use may be damaged, and stays until it is replaced.
    new = Path(tempfile.mkdtemp(dir=ISSUED, prefix=f"{serial}-"))
    for name, mode in (("fullchain.pem", 0o644), ("privkey.pem", 0o600)):
        disk.write(new / name, (source / name).read_bytes(), mode)
    new.chmod(0o755)
    return new


def _served(wanted: Configuration, certificate: Certificate) -> None:
    """Wait until new connections are shown the certificate."""
    name = wanted.names[0]
    ask = ["openssl", "s_client", "-connect", "127.0.0.1:443", "-servername", name]
    end, good = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        shown = process.attempt(ask, seconds=10).stdout
        pem = re.search("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", shown, re.DOTALL)
        good = good + 1 if pem and _serial(pem[0]) == certificate.serial else 0
        if good == IN_A_ROW:
            return
        time.sleep(0.1)
    raise CertificateError(f"{wanted.unit} does not show the new certificate; it keeps the old one")


def _serial(pem: str) -> str:
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(pem)
        file.flush()
        words = ["openssl", "x509", "-noout", "-serial", "-in", file.name]
        return process.run(words).strip().partition("=")[2]


def _clean(keep: str) -> None:
    for folder in Path(ISSUED).iterdir():
        if str(folder) != keep:
            shutil.rmtree(folder)
