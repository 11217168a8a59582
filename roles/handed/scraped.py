"""What Nginx and the firewall get where a Prometheus elsewhere reads the host's exporters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roles import monitoring, nginx
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.firewall import Allow, Firewall

from .around import around

if TYPE_CHECKING:
    from settings import Settings


def scraped(settings: Settings, machine: Machine) -> nginx.Scraped | None:
    """What Nginx answers it."""
    own = settings.monitoring
    if not monitoring.is_remote(own, machine) or not own.scraped_ca_file:
        return None
    paths = tuple((each.path, each.behind) for each in monitoring.scraped(around(settings)))
    return nginx.Scraped(own.scraped_port, own.scraped_ca_file, paths)


def firewall(settings: Settings, machine: Machine) -> Firewall:
    """Its port, open to its addresses alone."""
    own = settings.monitoring
    if not monitoring.is_remote(own, machine):
        return settings.firewall
    more = Allow(port=own.scraped_port, protocol="tcp", sources=own.scraped_from)
    return settings.firewall.model_copy(update={"allow": (*settings.firewall.allow, more)})


def configuration(settings: Settings) -> str:
    """What that Prometheus has in its scrape_configs for the hosts of an environment."""
    own = settings.monitoring
    if not own.scraped_ca_file:
        raise OperatorError("monitoring.scraped_ca_file is not set: docs/monitoring.md")
    return monitoring.configuration(
        around(settings), settings.domain or settings.applications[0].domain, own.scraped_port,
        [str(each) for each in settings.addresses],
        every_seconds=own.every_seconds, service_series=own.service_series,
    )  # fmt: skip
