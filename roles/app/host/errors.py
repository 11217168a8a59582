"""What goes wrong with a release, in words for whoever started it."""

from __future__ import annotations

from roles.core.host.errors import HostError


class ReleaseError(HostError):
    """The release did not happen, and users were not touched. Lines for the operator."""


class Locked(ReleaseError):
    """Somebody else is releasing."""
