"""Every file of the nginx role, rendered."""

import re
from pathlib import Path
from typing import Any

from roles.core.entries import Absent, Directory, Entry, File
from roles.core.known import KNOWN
from roles.core.machine import Machine
from roles.core.templates import render

from . import closed, forwarding, mounts, paths, uploads
from .capacity import capacity
from .features import features
from .headers import hsts, own_or_default
from .limits import own_zones, places, zones
from .pages import pages, style_hash
from .policy import REPORTS, TARGET, policy, reporting
from .settings import Nginx
from .site import Site
from .words import variable

ETC = "/etc/nginx"
HOST = Path(__file__).with_name("host")
LIMITS = "/etc/systemd/system/nginx.service.d/readyhost.conf"
DAY = 86_400  # seconds

# The name of the server that takes browsers' reports from Nginx itself; nobody's (RFC 2606).
SINK = "reports.readyhost.invalid"

# A host name has at most 253 characters, an origin nine or fifteen more; a power of two.
NAME_BUCKET = 512


def packages() -> list[str]:
    """Debian packages that this role needs; curl asks whether Nginx answers."""
    return ["nginx", "curl"]


def entries(settings: Nginx, machine: Machine, site: Site) -> list[Entry]:
    """All files and directories of the role for `site` on `machine`."""
    context = _context(settings, machine, site)
    names = ["access-log", "clients", "compression", "errors", "headers", "hostile", "limits"]
    names += ["maintenance", "proxy", "reports", "tls"]
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
        File(TARGET, f"{policy(settings.headers.content_security_policy).target}\n"),
        *programs(),
        *pages(),
        Directory("/var/www/acme"),
    ]
    if settings.cache.enabled:
        found.append(Directory("/var/cache/nginx", mode=0o700, owner="www-data"))
    return found


def programs() -> list[Entry]:
    """What somebody on the host runs to see what limits and policy do."""
    return [
        File(f"/usr/local/sbin/readyhost-{name}", (HOST / f"{file}.py").read_text(), mode=0o755)
        for name, file in (("csp", "policy"), ("limits", "propose"))
    ]


def _context(settings: Nginx, machine: Machine, site: Site) -> dict[str, Any]:
    able = features(machine.versions.nginx)
    wanted = policy(settings.headers.content_security_policy)
    domains = {f"https://{name}": None for name in site.names}
    uploaded = ["/uploads/"] if site.uploads else []
    prefixes = [prefix for prefix, _ in site.static] + uploaded
    fetched = [*prefixes, *(mount.url for mount in site.mounts if mount.url != "/")]
    # Of what is only files no API is documented.
    documented = bool(site.sockets) and not settings.docs_open
    return {
        "settings": settings,
        "machine": machine,
        "site": site,
        "capacity": capacity(settings, machine),
        "features": able,
        "zones": zones(settings.limits),
        "own_zones": own_zones(settings.limits),
        "places": places(settings.limits) if site.sockets else (),
        "session": _session(settings.limits.key),
        "known": KNOWN,
        "http2": " http2" if settings.http2 and not able.http2_directive else "",
        "name_bucket": NAME_BUCKET,
        "hsts": hsts(settings.headers),
        "policy": reporting(wanted.enforced),
        "reported_policy": reporting(wanted.reported),
        "reports": REPORTS,
        "sink": SINK,
        "headers": own_or_default(settings.headers),
        "style_hash": style_hash(),
        "static_seconds": settings.static_days * DAY,
        "origins": [_origin(name) for name in (domains | dict.fromkeys(settings.cors_origins))],
        "redirected": site.aliases if settings.redirect_aliases else (),
        "served": (site.domain,) if settings.redirect_aliases else site.names,
        "files": "|".join(re.escape(prefix) for prefix in prefixes),
        "fetched": "|".join(re.escape(prefix) for prefix in fetched),
        "routed": paths.any_of(site.routed),
        "year": mounts.YEAR,
        "hashed": mounts.HASHED,
        "docs": closed.any_of(settings.docs_paths) if documented else "",
        "logins": closed.any_of(settings.limits.login_paths),
        "claims": forwarding.dropped(settings.passed_headers),
        "shown": uploads.endings(),
        "upload_types": uploads.types(),
        "streams": paths.any_of(settings.stream_paths) if site.sockets else "",
    }


def _session(key: str) -> str:
    """Nginx's variable for the session that requests are counted by, empty for none."""
    kind, _, name = key.partition(":")
    if kind == "cookie":
        return f"$cookie_{name}"
    return variable(name) if kind == "header" else ""


def _origin(name: str) -> str:
    """An origin as a map has it; `*` stands for one part of a name."""
    if "*" not in name:
        return name
    return f'"~^{re.escape(name)}$"'.replace(r"\*", "[a-z0-9-]+")
