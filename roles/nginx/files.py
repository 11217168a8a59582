"""Every file of the nginx role, rendered."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roles.core.entries import Absent, Directory, Entry, File
from roles.core.known import KNOWN, LIFTED
from roles.core.machine import Machine
from roles.core.templates import render

from . import closed, forwarding, guests, mounts, origin, paths, routes, scraped, uploads
from .buckets import own_zones, places, zones
from .capacity import capacity
from .features import features
from .headers import hsts, own_or_default
from .packed import MODULE, brotli
from .pages import pages, style_hash
from .patterns import variable
from .policy import REPORTS, TARGET, policy, reporting
from .settings import Nginx
from .site import Site

ETC = "/etc/nginx"
HOST = Path(__file__).with_name("host")
LIMITS = "/etc/systemd/system/nginx.service.d/readyhost.conf"
BUCKETS = "/var/cache/nginx-uploads"
DAY = 86_400  # seconds

# The name of the server that takes browsers' reports from Nginx itself; nobody's (RFC 2606).
SINK = "reports.readyhost.invalid"

# A host name has at most 253 characters, an origin nine or fifteen more; a power of two.
NAME_BUCKET = 512


def packages(settings: Nginx, machine: Machine, sites: Sequence[Site]) -> list[str]:
    """Debian packages that this role needs; curl asks whether Nginx answers."""
    return ["nginx", "curl", *([MODULE] if brotli(settings, machine, sites) else [])]


def entries(
    settings: Nginx,
    machine: Machine,
    sites: Sequence[Site],
    status: int = 0,
    measured: scraped.Scraped | None = None,
) -> list[Entry]:
    """All files and directories of the role for `sites` on `machine`. status: the port on loopback
    at which Nginx says its counters, 0 for none. measured: what a Prometheus elsewhere reads."""
    context = {**_context(settings, machine, sites), "status": status}
    names = ["access-log", "clients", "compression", "errors", "headers", "hostile", "limits"]
    names += ["maintenance", "proxy", "reports", "tls"]
    names += ["status"] if status else []
    names += ["cors"] if settings.cors == "own" else []
    names += ["cache"] if settings.cache.enabled else []
    found: list[Entry] = [
        render("nginx", f"{ETC}/nginx.conf", **context),
        render("nginx", f"{ETC}/mime.types", **context),
        *(render("nginx", f"{ETC}/conf.d/{name}.conf", **context) for name in sorted(names)),
        Absent(f"{ETC}/sites-enabled/default"),
        render("nginx", f"{ETC}/sites-enabled/00-unknown.conf", **context),
        *(
            render(
                "nginx",
                f"{ETC}/sites-enabled/{site.name}.conf",
                template=f"nginx{ETC}/sites-enabled/site.conf.j2",
                **{**context, **_of_site(settings, site, guests.of(site, sites))},
            )
            for site in sites
        ),
        Directory("/etc/systemd/system/nginx.service.d"),
        render("nginx", LIMITS, **context),
        render("nginx", "/usr/local/sbin/maintenance", mode=0o755, **context),
        File(TARGET, f"{policy(settings.headers.content_security_policy).target}\n"),
        *origin.entries(settings),
        *scraped.entries(measured, context),
        *programs(),
        *pages(),
        Directory("/var/www/acme"),
    ]
    if any(site.bucket for site in sites):
        found.append(render("nginx", f"{ETC}/conf.d/bucket.conf", **context))
        found.append(Directory(BUCKETS, mode=0o700, owner="www-data"))
    if settings.cache.enabled:
        found.append(Directory("/var/cache/nginx", mode=0o700, owner="www-data"))
    return found


def programs() -> list[Entry]:
    """What somebody on the host runs to see what limits and policy do."""
    return [
        File(f"/usr/local/sbin/readyhost-{name}", (HOST / f"{file}.py").read_text(), mode=0o755)
        for name, file in (("csp", "policy"), ("limits", "propose"))
    ]


def _of_site(settings: Nginx, site: Site, below: Sequence[Site]) -> dict[str, Any]:
    names = [name for name in site.names if name not in site.hosts]
    return {
        "site": site,
        "redirected": names[1:] if settings.redirect_aliases else (),
        "servers": routes.servers(names[:1] if settings.redirect_aliases else names, site.routes),
        "by_path": routes.by_path(site.name, site.routes, site.own),
        "timed": any(route.timeout for route in site.routes if route.paths),
        "root": routes.root(site.routes),
        "to": f"$to_{site.mark}process" if site.routes else site.name,
        "places": places(settings.limits) if site.sockets else (),
        "streams": paths.any_of(settings.stream_paths) if site.sockets else "",
        "routed": paths.any_of(site.routed),
        "guests": [guests.guest(each, settings) for each in below],
        "docs": _docs(settings, (site, *below)),
    }


def _docs(settings: Nginx, sites: Sequence[Site]) -> str:
    """What is closed as documentation of an API, of which there is none of what is only files."""
    if settings.docs_open or not any(site.sockets for site in sites):
        return ""
    return closed.any_of(settings.docs_paths)


def _below(prefixes: Sequence[tuple[Site, str]]) -> str:
    """An expression for what is below prefixes, each of one of several sites behind its domain."""
    each = (prefix if site.alone else f"{site.domain}{prefix}" for site, prefix in prefixes)
    return "|".join(re.escape(one) for one in dict.fromkeys(each))


def _context(settings: Nginx, machine: Machine, sites: Sequence[Site]) -> dict[str, Any]:
    able = features(machine.versions.nginx)
    wanted = policy(settings.headers.content_security_policy)
    prefixes = [(site, prefix) for site in sites for prefix, _ in site.static]
    prefixes += [(site, "/uploads/") for site in sites if site.uploads]
    signed = [(s, "/uploads/") for s in sites if s.bucket and not s.bucket.is_public]
    fetched = [*prefixes, *((s, m.url) for s in sites for m in s.mounts if m.url != "/")]
    return {
        "settings": settings,
        "machine": machine,
        "site": sites[0],
        "healths": dict.fromkeys(site.health for site in sites),
        "uploads": any(site.uploads for site in sites),
        "capacity": capacity(settings, machine),
        "features": able,
        "brotli": brotli(settings, machine, sites),
        "zones": zones(settings.limits),
        "own_zones": own_zones(settings.limits),
        "session": _session(settings.limits.key),
        "known": KNOWN,
        "lifted": LIFTED,
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
        "asker": "$http_origin" if sites[0].alone else '"$server_name|$http_origin"',
        "origins": list(dict.fromkeys(o for site in sites for o in _origins(settings, site))),
        # What is below one domain's prefix is another one's page.
        "place": "$uri" if sites[0].alone else '"$server_name$uri"',
        "files": _below(prefixes),
        "signed": _below(signed),
        "fetched": _below(fetched),
        "roots": [
            (re.escape(site.domain), paths.any_of([*site.routed, *guests.paths(site, sites)]))
            for site in sites
            if site.root
        ],
        "hosted": [host for site in sites for host in site.hosts],
        "mounted": any(site.mounts for site in sites),
        "buckets": BUCKETS if any(site.bucket for site in sites) else "",
        "resolver": " ".join(
            f"[{each}]" if each.version == 6 else str(each) for each in settings.resolver
        ),
        "cdn_kept": any(mount.cdn_seconds for site in sites for mount in site.mounts),
        "origin_ca": origin.CA,
        "year": mounts.YEAR,
        "hashed": mounts.HASHED,
        "docs": _docs(settings, sites),
        "below": [re.escape(path) for path in dict.fromkeys(s.path for s in sites) if path],
        "logins": closed.any_of(settings.limits.login_paths),
        "claims": forwarding.dropped(settings.passed_headers),
        "shown": uploads.endings(),
        "upload_types": uploads.types(),
        "not_storages": uploads.NOT_STORAGES,
        "routed": paths.any_of(sites[0].routed),
    }


def _session(key: str) -> str:
    """Nginx's variable for the session that requests are counted by, empty for none."""
    kind, _, name = key.partition(":")
    if kind == "cookie":
        return f"$cookie_{name}"
    return variable(name) if kind == "header" else ""


def _origins(settings: Nginx, site: Site) -> list[str]:
    """Whose pages may read answers, as a map has them: of one of several, beside its domain."""
    own = {f"https://{name}": None for name in site.names}
    asked = "" if site.alone else f"{site.domain}|"
    return [_origin(name, asked) for name in (own | dict.fromkeys(settings.cors_origins))]


def _origin(name: str, asked: str) -> str:
    """An origin as a map has it, after what it has `asked`; `*` stands for one part of a name."""
    if "*" not in name:
        return f'"{asked}{name}"' if asked else name
    return f'"~^{re.escape(asked + name)}$"'.replace(r"\*", "[a-z0-9-]+")
