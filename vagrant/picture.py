"""What a visitor sees, as a picture: by Chromium without a window, where there is one."""

from __future__ import annotations

import base64
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS = 5000  # for what the page asks of the back end
TIME = 60  # seconds for all of it, on a busy machine


def key(certificate: Path) -> str:
    """How Chromium names the key of a certificate in PEM."""
    public = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    shown = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(sha256(shown).digest()).decode()


def take(domain: str, address: str, certificate: Path, file: Path) -> Path | None:
    """Write a picture of https://DOMAIN/, which is at `address` with `certificate`, to `file`; None
    if there is no Chromium, or it makes none."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if not program:
        return None
    file.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program, "--headless=new", "--no-sandbox", "--disable-dev-shm-usage",
            f"--user-data-dir={profile}", "--hide-scrollbars", "--window-size=900,500",
            f"--host-resolver-rules=MAP {domain} {address}",
            f"--ignore-certificate-errors-spki-list={key(certificate)}",
            f"--virtual-time-budget={WAIT_MS}", f"--screenshot={file}", f"https://{domain}/",
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, check=False, timeout=TIME)
        except subprocess.TimeoutExpired:
            return None
    return file if file.exists() else None
