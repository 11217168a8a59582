"""Every file of the nginx role, rendered."""

import re
from collections.abc import Iterable
from typing import Any

from roles.core.entries import Absent, Directory, Entry
from roles.core.machine import Machine
from roles.core.templates import render

from .capacity import capacity
from .features import features
from .headers import hsts, own_or_default
from .limits import zones
from .pages import pages, style_hash
from .settings import Nginx
from .site import Site

ETC = "/etc/nginx"
LIMITS = "/etc/systemd/system/nginx.service.d/readyhost.conf"
DAY = 86_400  # seconds

# A host name has at most 253 characters, an origin nine or fifteen more; a power of two.
NAME_BUCKET = 512


def packages() -> list[str]:
    """Debian packages that this role needs; curl asks whether Nginx answers."""
    return ["nginx", "curl"]


def entries(settings: Nginx, machine: Machine, site: Site) -> list[Entry]:
    """All files and directories of the role for `site` on `machine`."""
    context = _context(settings, machine, site)
    names = ["access-log", "clients", "compression", "errors", "headers", "limits", "maintenance"]
    names += ["proxy", "tls"]
    names += ["cors"] if settings.cors == "own" else []
    names += ["cache"] if settings.cache.enabled else []
    found: list[Entry] = [
        render("nginx", f"{ETC}/nginx.conf", **context),
        render("nginx", f"{ETC}/mime.types", **context),
        *(render("nginx", f"{ETC}/conf.d/{name}.conf", **context) for name in sorted(names)),
        Absent(f"{ETC}/sites-enabled/default"),
        render("nginx", f"{ETC}/sites-enabled/00-unknown.conf", **context),
        render(
            "nginx",
            f"{ETC}/sites-enabled/{site.name}.conf",
            template=f"nginx{ETC}/sites-enabled/site.conf.j2",
            **context,
        ),
        Directory("/etc/systemd/system/nginx.service.d"),
        render("nginx", LIMITS, **context),
        render("nginx", "/usr/local/sbin/maintenance", mode=0o755, **context),
        *pages(),
        Directory("/var/www/acme"),
    ]
    if settings.cache.enabled:
        found.append(Directory("/var/cache/nginx", mode=0o700, owner="www-data"))
    return found


def _context(settings: Nginx, machine: Machine, site: Site) -> dict[str, Any]:
    able = features(machine.versions.nginx)
    domains = {f"https://{name}": None for name in site.names}
    prefixes = [prefix for prefix, _ in site.static] + (["/uploads/"] if site.uploads else [])
    return {
        "settings": settings,
        "machine": machine,
        "site": site,
        "capacity": capacity(settings, machine),
        "features": able,
        "zones": zones(settings.limits),
        "http2": " http2" if settings.http2 and not able.http2_directive else "",
        "name_bucket": NAME_BUCKET,
        "hsts": hsts(settings.headers),
        "policy": settings.headers.content_security_policy,
        "headers": own_or_default(settings.headers),
        "style_hash": style_hash(),
        "static_seconds": settings.static_days * DAY,
        "origins": list(domains | dict.fromkeys(settings.cors_origins)),
        "redirected": site.aliases if settings.redirect_aliases else (),
        "served": (site.domain,) if settings.redirect_aliases else site.names,
        "files": "|".join(re.escape(prefix) for prefix in prefixes),
        "docs": "" if settings.docs_open else _any_of(settings.docs_paths),
        "logins": _any_of(settings.limits.login_paths),
        "streams": _any_of(settings.stream_paths),
    }


def _any_of(paths: Iterable[str]) -> str:
    """A regular expression for any of `paths`, empty for none."""
    return "|".join(re.escape(path.rstrip("/") or "/") for path in paths)
