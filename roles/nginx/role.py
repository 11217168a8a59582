"""What the role makes of a host: one that serves a site."""

import posixpath
import shlex
from collections.abc import Sequence
from datetime import datetime, timezone

from roles.core.entries import Entry, Link
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.step import Part

from . import first, ranges, scraped
from .files import LIMITS, entries, packages
from .settings import Nginx
from .site import Site

ASK = "[ ! -e /var/lib/nginx/maintenance ] || echo told maintenance"
STARTS = "nginx -t -q"
PROBE_TIMEOUT = 5  # seconds

REPORTS_LOG = "/var/log/nginx/reports.log"


def own_log(path: str) -> str:
    """As the access log: Nginx would make it with whatever mode its umask leaves."""
    return f"touch {path} && chown www-data:adm {path} && chmod 640 {path}"


def kept_by(site: Site) -> str:
    """Have what responses are kept by lead somewhere before the first release does: of a link that
    is not there Nginx logs an error with each request."""
    folder = posixpath.dirname(site.responses)
    first = f"{folder}/first"
    made = f"install -d -m 755 {posixpath.dirname(folder)} {folder} {first}"
    return f"[ -e {site.responses} ] || {{ {made} && ln -sfn first {site.responses}; }}"


def part(
    settings: Nginx,
    machine: Machine,
    *,
    sites: Sequence[Site],
    zone: Link,
    certificate: Sequence[Entry] = (),
    status: int = 0,
    measured: scraped.Scraped | None = None,
) -> Part:
    """Serve `sites`: over HTTPS, with plain HTTP sent there, and nothing for unknown names.

    `certificate` are the entries that the tls role returned; it comes before this one. `zone` is
    the time zone of the log, which a reload reads again. `status`, `measured`: as for `entries`.
    The application need not be there yet: until it is, visitors get a readable 502.
    """
    files = entries(settings, machine, sites, status, measured)
    service = Service(
        unit="nginx",
        configuration=[*files, *certificate, zone],
        restart_paths=(LIMITS,),
        reload=f"{first.require(sites)} && systemctl reload nginx",
        probe=" && ".join(probe(site) for site in sites),
        starts=STARTS,
        unlike=first.other(sites),
    )
    configuration = Files(
        name="Nginx | configuration",
        role="nginx",
        entries=files,
        checks=[STARTS],
        services=[service],
        commands=[
            own_log(REPORTS_LOG),
            own_log(scraped.LOG) if measured else f"rm -f {scraped.LOG}*",
            *(kept_by(site) for site in sites if site.responses and settings.cache.enabled),
            "systemctl daemon-reload",
        ],
    )
    return Part(
        "nginx",
        (configuration, Services("Nginx | running", [service])),
        packages=tuple(packages(settings, machine, sites)),
        advice=tuple(closed(settings)) if any(site.sockets for site in sites) else (),
        warnings=(*maintained(settings, machine), *outdated(settings)),
    )


def maintained(settings: Nginx, machine: Machine) -> list[str]:
    """That the site is closed, to whom, and how to open it: it outlives reboots and runs."""
    if not machine.tells("maintenance"):
        return []
    allowed = ", ".join(str(network) for network in settings.maintenance_allow) or "nobody"
    return [
        "closed to visitors (503) since somebody said `maintenance on`; `maintenance off`, on the"
        f" host, opens it. Served meanwhile: {allowed} (nginx.maintenance_allow)"
    ]


def outdated(settings: Nginx) -> list[str]:
    """That the networks of a CDN that is named were fetched long ago."""
    names = [each for each in settings.trusted_proxies if isinstance(each, str)]
    today = datetime.now(timezone.utc).date()
    said = (ranges.old(name, settings.proxy_ranges_days, today) for name in names)
    return [line for line in said if line]


def closed(settings: Nginx) -> list[str]:
    """What a setting closes that somebody may miss, and how to open it."""
    if settings.docs_open or not settings.docs_paths:
        return []
    return [
        f"closed to visitors (404), as the API's documentation: {', '.join(settings.docs_paths)}",
        "if one of them is a page for people, take it from nginx.docs_paths; nginx.docs_open opens"
        " all",
    ]


def probe(site: Site) -> str:
    """A command that succeeds when Nginx answers over HTTPS for the domain, with any status.

    It asks for what no visitor can have, so the application is not troubled with it.
    """
    url = shlex.quote(f"https://{site.domain}/.error/")
    address = shlex.quote(f"{site.domain}:443:127.0.0.1")
    return f"curl -sk -o /dev/null --max-time {PROBE_TIMEOUT} --resolve {address} {url}"
