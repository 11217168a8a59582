"""The thin layer: makes a host serve a site."""

import shlex
from collections.abc import Sequence

from roles.core.entries import Entry
from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.services import Service, converge

from .files import LIMITS, entries
from .settings import Nginx
from .site import Site

PROBE_TIMEOUT = 5  # seconds


def nginx(
    settings: Nginx, machine: Machine, *, site: Site, certificate: Sequence[Entry] = ()
) -> None:
    """Serve `site`: over HTTPS, with plain HTTP sent there, and nothing for unknown names.

    `certificate` are the entries that the tls role returned; it comes before this one. The
    application need not be there yet: until it is, visitors get a readable 502.
    """
    files = entries(settings, machine, site)
    service = Service(
        unit="nginx",
        configuration=[*files, *certificate],
        restart_paths=(LIMITS,),
        reload="systemctl reload nginx",
        probe=probe(site),
    )
    sync(
        name="Nginx | configuration",
        role="nginx",
        entries=files,
        checks=["nginx -t -q"],
        services=[service],
        commands=["systemctl daemon-reload"],
    )
    converge(name="Nginx | running", services=[service])


def probe(site: Site) -> str:
    """A command that succeeds when Nginx answers over HTTPS for the domain, with any status.

    It asks for what no visitor can have, so the application is not troubled with it.
    """
    url = shlex.quote(f"https://{site.domain}/.error/")
    address = shlex.quote(f"{site.domain}:443:127.0.0.1")
    return f"curl -sk -o /dev/null --max-time {PROBE_TIMEOUT} --resolve {address} {url}"
