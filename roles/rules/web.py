"""What Nginx needs of the certificate, the pooler and the kernel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from roles.base.tuning import listen_backlog
from roles.core.environment import Conflict
from roles.core.errors import OperatorError

if TYPE_CHECKING:
    from settings import Settings

_PROJECT = Path(__file__).resolve().parents[2]


def certificate_fits(settings: Settings) -> Iterator[Conflict]:
    """A certificate that is given can be used for every name."""
    if settings.tls.certificate == "provided":
        from roles.tls.provided import read  # X.509, which takes long to import

        try:
            names = [n for view in settings.applications for n in (view.domain, *view.aliases)]
            read(settings.tls, tuple(dict.fromkeys(names)), root=_PROJECT)
        except OperatorError as error:
            yield Conflict(("tls.certificate_file", "tls.key_file", "tls.certificate"), str(error))


def port_80_is_open(settings: Settings) -> Iterator[Conflict]:
    """An authority comes to port 80 to see the proof that a name leads to this host."""
    asked = settings.tls.certificate == "acme" and not settings.tls.acme.dns.plugin
    if asked and 80 not in settings.firewall.web_ports:
        yield Conflict(
            ("firewall.web_ports", "tls.certificate"),
            "must have 80, where an authority looks for the proof of a name; or prove names by the"
            " DNS (tls.acme.dns)",
        )


def queue_answers(settings: Settings) -> Iterator[Conflict]:
    """Who waits for a connection is told no before Nginx gives the client up."""
    queue, request = (
        settings.pgbouncer.queue_timeout_seconds,
        settings.nginx.request_timeout_seconds,
    )
    if queue >= request:
        yield Conflict(
            ("pgbouncer.queue_timeout_seconds", "nginx.request_timeout_seconds"),
            f"must be less than nginx.request_timeout_seconds ({request} s)",
        )


def kernel_fits(settings: Settings) -> Iterator[Conflict]:
    """The kernel's limits are sized for as many clients as Nginx is, and for each queue."""
    connections = settings.base.connections
    if settings.nginx.clients > connections:
        yield Conflict(
            ("nginx.clients", "base.connections"),
            f"must be at most base.connections ({connections}), which the kernel is sized for",
        )
    longest = listen_backlog(settings.base)
    for key, backlog in (
        ("nginx.backlog", settings.nginx.backlog),
        ("redis.tcp_backlog", settings.redis.tcp_backlog),
    ):
        if backlog > longest:
            yield Conflict(
                (key, "base.connections"),
                f"must be at most {longest}, the queue that base.connections ({connections}) makes",
            )
