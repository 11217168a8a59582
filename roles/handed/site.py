"""What Nginx gets: the site of each application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roles import app, nginx
from roles.tls.configuration import tls_configuration

if TYPE_CHECKING:
    from settings import Settings


def site(settings: Settings, placed: app.Placed) -> nginx.Site:
    """What Nginx serves of an application's view, with its release."""
    static = app.static(settings.app)
    routes = placed.routes
    return nginx.Site(
        name=settings.app.name,
        domain=settings.domain,
        aliases=settings.aliases,
        sockets=placed.sockets,
        static=(("/static/", static),) if static else (),
        served=app.served(settings.app),
        mounts=tuple(
            nginx.Mount(mount.url, key, mount.fallback, mount.cache, mount.cdn_seconds)
            for mount, key in app.mounted(settings.app)
        ),
        routed=app.routed(settings.app),
        routes=tuple(nginx.Route(**vars(each)) for each in routes),
        own=app.own(settings.app) if routes else (),
        live=app.live(settings.app) if routes else "",
        kept=settings.app.keep_releases,
        uploads=_uploads(settings),
        bucket=_bucket(settings),
        responses=app.responses(settings.app) if placed.sockets else "",
        path=path(settings),
        health=settings.app.health.path,
        alone=settings.app.alone,
        tls=tls_configuration(settings.tls),
    )


def _uploads(settings: Settings) -> str:
    """The folder behind /uploads/: none where the application alone gives its files out."""
    private = path(settings) or settings.app.uploads == "private"
    return "" if private else app.uploads(settings.app)


def path(settings: Settings) -> str:
    """Where an application's view is below its domain; empty where it has all of it."""
    return "" if settings.app.alone else settings.apps[settings.app.name].path


def _bucket(settings: Settings) -> nginx.Bucket | None:
    """Where an application's uploads are, if not on the host."""
    bucket = app.bucket(settings.app)
    if not bucket:
        return None
    return nginx.Bucket(bucket.url, bucket.host, bucket.access == "public", bucket.ca_file)
