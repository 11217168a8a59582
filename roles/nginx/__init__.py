"""Nginx in front of the application: HTTPS, limits, headers, files, maintenance."""

from .capacity import Capacity, capacity
from .features import Features, features
from .files import entries, packages
from .limits import Zone, zones
from .role import nginx
from .settings import Nginx
from .site import Site

__all__ = [
    "Capacity",
    "Features",
    "Nginx",
    "Site",
    "Zone",
    "capacity",
    "entries",
    "features",
    "nginx",
    "packages",
    "zones",
]
