"""Nobody goes around the CDN: what a request has to show for the site to answer it."""

from __future__ import annotations

from roles.core.entries import File
from roles.core.templates import render

from .authority import authority
from .settings import Nginx

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
    if origin.ca_file:
        found.append(File(CA, authority(origin.ca_file, "nginx.origin.ca_file")))
    return found
