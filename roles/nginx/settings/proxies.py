"""The CDN or load balancer in front: whose word about the client is believed."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.networks import IPvAnyNetwork

from roles.core.model import Section

from .. import forwarding, ranges
from ..patterns import HeaderName

Proxy = IPvAnyNetwork | ranges.Name
"""A network, or a CDN by its name."""


class Proxies(Section):
    """The CDN or load balancer in front."""

    trusted_proxies: tuple[Proxy, ...] = Field(
        (),
        description="Networks of the CDN or load balancer in front, or a CDN's name: cloudflare,"
        " cloudfront, fastly, bunny. From them, and only from them, real_ip_header is believed.",
    )
    proxy_ranges_days: int = Field(
        180,
        ge=1,
        le=3650,
        description="Age from which each run says that the networks of such a name want to be"
        " fetched again, days. CDNs add some about once a year.",
    )
    real_ip_header: HeaderName = Field(
        "X-Forwarded-For", description="Header in which they pass on the client's address."
    )
    passed_headers: tuple[Annotated[HeaderName, AfterValidator(forwarding.known)], ...] = Field(
        (),
        description="Headers that only a proxy should set (X-Forwarded-Prefix, CF-Connecting-IP,"
        " X-HTTP-Method-Override, …) and that reach the application all the same, as they were"
        " sent. Everybody can send them: only for an application that needs it.",
    )

    @property
    def proxies(self) -> tuple[str, ...]:
        """All networks of trusted_proxies. Raises ValueError for a CDN whose are not known yet."""
        found: list[str] = []
        for each in self.trusted_proxies:
            found += ranges.networks(each) if isinstance(each, str) else [str(each)]
        return tuple(dict.fromkeys(found))
