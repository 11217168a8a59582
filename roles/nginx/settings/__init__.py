"""What an environment says about its web server: a file for each concern."""

from pydantic import model_validator

from roles.core.model import section

from ..cache import Cache
from ..headers import Headers
from ..limits import Limits
from .capacity import Capacity
from .maintenance import Maintenance
from .openness import Openness
from .origin import Origin
from .proxies import Proxies
from .requests import Requests
from .served import Served
from .upstream import Upstream

__all__ = ["Nginx", "Origin"]


# The bases are in reverse: pydantic collects fields from the last base first.
class Nginx(Maintenance, Proxies, Openness, Served, Upstream, Requests, Capacity):
    """The web server in front of the application."""

    origin: Origin = section("What a request has to show, so that nobody goes around the CDN.")
    limits: Limits = section("How much one client may ask for.")
    headers: Headers = section("Security headers of every response.")
    cache: Cache = section("Responses kept for a short time.")

    @model_validator(mode="after")
    def _proxies_are_known(self) -> "Nginx":
        if self.origin.only_proxies and not self.trusted_proxies:
            raise ValueError("origin.only_proxies needs trusted_proxies: nobody would be answered")
        _ = self.proxies
        return self
