"""Nobody goes around the CDN: what a request has to show for the site to answer it."""

from __future__ import annotations

from pathlib import Path

from roles.core.entries import File
from roles.core.errors import OperatorError
from roles.core.templates import render

from .settings import Nginx

PROJECT = Path(__file__).resolve().parents[2]
CA = "/etc/nginx/origin.pem"


def entries(settings: Nginx) -> list[File]:
    """The files by which Nginx knows who comes from the CDN."""
    origin = settings.origin
    if not origin.asked:
        return []
    found = [
        render(
            "nginx",
            "/etc/nginx/conf.d/origin.conf",
            mode=0o600,
            origin=origin,
            proxies=settings.proxies if origin.only_proxies else (),
            secrets=[each for each in (origin.secret, origin.former_secret) if each],
        )
    ]
    return [*found, File(CA, _authority(origin.ca_file))] if origin.ca_file else found


def _authority(path: Path) -> str:
    try:
        text = (PROJECT / path).read_text()
    except OSError as error:
        raise OperatorError(f"nginx.origin.ca_file: {path}: {error.strerror}") from None
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise OperatorError(f"nginx.origin.ca_file: {path} holds no certificate in PEM")
    return text
