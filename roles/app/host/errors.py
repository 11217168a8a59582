"""What goes wrong with a release, in words for whoever started it."""

from __future__ import annotations

from roles.core.host.errors import HostError


class ReleaseError(HostError):
    """The release failed. Lines for the operator, which say what serves now."""


class Locked(ReleaseError):
    """Somebody else is releasing."""
