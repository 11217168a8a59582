"""The checklist: web."""

from __future__ import annotations

from .line import Line

AREA = "Web"

LINES = (
    Line(
        "WEB-01",
        AREA,
        what=("Nginx spreads requests evenly over the application's processes, for 3000 clients"),
        why="one busy process makes visitors wait while others are idle",
        do="systemctl status 'app-web-*'; nginx.clients",
        settings=("nginx.clients",),
    ),
    Line(
        "WEB-02",
        AREA,
        what=(
            "HTTPS, by a certificate that renews itself; as strict as Mozilla's "
            "intermediate profile"
        ),
        why="browsers warn of a host without it, and anybody on the way reads along",
        do='tls.certificate = "acme"; docs/certificates.md',
        settings=("tls",),
    ),
    Line(
        "WEB-03",
        AREA,
        what="text loses 70 % and more",
        why="pages come late on telephones",
        do="nginx.gzip_types",
        settings=("nginx.gzip_level", "nginx.gzip_types"),
    ),
    Line(
        "WEB-04",
        AREA,
        what=(
            "60 requests a minute and 1000 an hour for each client, fewer to log in; "
            "then 429. An office's own page views and files meet none"
        ),
        why="one client can take the site from all others",
        do="nginx.limits; docs/limits.md",
        settings=("nginx.limits",),
    ),
    Line(
        "WEB-05",
        AREA,
        what="HSTS, CSP and the other headers are on every answer, errors too",
        why="what a browser is not told it allows",
        do="deploy.py; nginx.headers",
        settings=("nginx.headers",),
    ),
    Line(
        "WEB-06",
        AREA,
        what="static files and uploads come from Nginx, kept for 30 days",
        why="an application that sends files has no time for pages",
        do="app.static; deploy.py",
        settings=("app.static", "nginx.static_days"),
    ),
    Line(
        "WEB-07",
        AREA,
        what="a request may take 60 s and bring 50 MB",
        why="a request without an end holds a process",
        do="deploy.py; nginx.request_timeout_seconds, nginx.body_limit_mb",
        settings=("nginx.request_timeout_seconds", "nginx.body_limit_mb"),
    ),
    Line(
        "WEB-09",
        AREA,
        what="no foreign page reads an answer",
        why="another site could read what a visitor sees",
        do="nginx.cors; what the application itself answers",
        settings=("nginx.cors",),
    ),
    Line(
        "WEB-10",
        AREA,
        what="the API's documentation is closed",
        why="it is a map for whoever looks for a hole",
        do="nginx.docs_open = false, then deploy.py",
        settings=("nginx.docs_open",),
    ),
    Line(
        "WEB-11",
        AREA,
        what="behind a CDN the client's own address counts",
        why="without it all visitors are one, who is refused",
        do="nginx.trusted_proxies",
        settings=("nginx.trusted_proxies",),
    ),
    Line(
        "WEB-12",
        AREA,
        what=(
            "what the application allows is kept for a moment; nothing private, nothing"
            " with a cookie"
        ),
        why="what is private must not be another's answer",
        do="deploy.py; nginx.cache",
        settings=("nginx.cache",),
    ),
    Line(
        "WEB-13",
        AREA,
        what="WebSockets and event streams pass",
        why="live pages freeze",
        do="deploy.py; nginx.stream_paths",
        settings=("nginx.stream_paths",),
    ),
    Line(
        "WEB-17",
        AREA,
        what=(
            "a path has its own limit, body, timeout and buffering; what the strict "
            "content policy would refuse is reported, and shown with its setting"
        ),
        why="one path's needs are not the whole site's",
        do="nginx.limits.paths; readyhost-csp on the host",
        settings=("nginx.limits", "nginx.headers"),
    ),
    Line(
        "WEB-14",
        AREA,
        what=(
            "pages that are open keep their files over a deploy and a rollback; what "
            "Nginx serves is proven and switched with the release; unknown files are "
            "404 and not kept"
        ),
        why="a page that is open breaks at each release",
        do="release again; app.static",
        settings=("app.static", "app.health.page"),
    ),
    Line(
        "WEB-15",
        AREA,
        what=(
            "behind a CDN nobody goes around it, its networks are known by name and their age is "
            "said; what a release makes old is purged once"
        ),
        why="who goes around it meets none of its limits",
        do="nginx.origin, nginx.trusted_proxies, app.purge; deploy.py",
        settings=("nginx.origin", "nginx.proxy_ranges_days", "app.purge"),
        is_shown=False,
    ),
    Line(
        "WEB-16",
        AREA,
        what=(
            "Nginx serves a front end by itself: routes, a year for files with a hash, no page "
            "from a cache, compressed when built; unknown files are 404"
        ),
        why="a page that a cache keeps asks for files that are gone",
        do="app.mounts; deploy.py",
        settings=("app.mounts",),
        is_shown=False,
    ),
)
