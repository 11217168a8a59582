"""Nginx in front of the application: HTTPS, limits, headers, files, maintenance."""

from .buckets import Zone, zones
from .capacity import Capacity
from .features import Features
from .mounts import Mount
from .role import ASK, part
from .routes import Route
from .scraped import Scraped
from .settings import Nginx
from .site import Site
from .snippets import takes
from .uploads import Bucket

__all__ = [
    "ASK",
    "Bucket",
    "Capacity",
    "Features",
    "Mount",
    "Nginx",
    "Route",
    "Scraped",
    "Site",
    "Zone",
    "part",
    "takes",
    "zones",
]
