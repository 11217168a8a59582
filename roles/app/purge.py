"""A CDN forgets what a release has made old: once for all hosts, not by each of them."""

from __future__ import annotations

from roles.core.once_for_all import Once

from .settings import App


def purged(settings: App, tag: str, domain: str) -> Once | None:
    """What the operator's machine does when `tag` is live; None for nothing."""
    if not settings.purge:
        return None
    return Once("app.purge", settings.purge, (("DOMAIN", domain), ("TAG", tag)))
