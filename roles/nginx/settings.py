"""The `nginx` part of an environment's settings."""

from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic.networks import IPvAnyAddress, IPvAnyNetwork

from roles.core.model import Section

from . import forwarding, ranges
from .cache import Cache
from .headers import Headers
from .limits import Limits
from .origin import Origin
from .paths import PathPattern
from .patterns import HeaderName, MediaType, Method, OriginPattern, UrlPath

Proxy = IPvAnyNetwork | ranges.Name
"""A network, or a CDN by its name."""


class Nginx(Section):
    """The web server in front of the application."""

    clients: int = Field(
        3000,
        ge=100,
        le=100_000,
        description="Clients connected at the same time; connections and open files follow.",
    )
    workers: int | None = Field(
        None, ge=1, le=256, description="Worker processes. By default one a core."
    )
    backlog: int = Field(
        4096,
        ge=128,
        le=65_535,
        description="Connections that wait to be accepted. The kernel allows net.core.somaxconn.",
    )
    http2: bool = Field(True, description="Whether HTTP/2 is spoken.")

    request_timeout_seconds: int = Field(
        60, ge=1, le=3600, description="How long the application may take to answer, seconds."
    )
    connect_timeout_seconds: int = Field(
        5, ge=1, le=60, description="How long a process may take to accept a connection, seconds."
    )
    slow_client_timeout_seconds: int = Field(
        15,
        ge=1,
        le=300,
        description="How long a client may take for its headers, or between two pieces of a body or"
        " of a response, seconds. Slow on purpose is how few clients hold many connections.",
    )
    keepalive_timeout_seconds: int = Field(
        60, ge=0, le=3600, description="How long an idle connection is kept, seconds."
    )
    keepalive_requests: int = Field(
        1000, ge=1, le=1_000_000, description="Requests on one connection before it is closed."
    )
    body_limit_mb: int = Field(
        50, ge=1, le=10_240, description="The largest body of a request, MiB."
    )
    compressed_bodies: bool = Field(
        False,
        description="Whether bodies of requests may be compressed; else they get 415. A few KiB can"
        " become GiB where they are unpacked: only for applications that stop in time.",
    )
    header_limit_kb: int = Field(
        8, ge=1, le=64, description="The longest line of a request's head, its URL included, KiB."
    )
    header_buffers: int = Field(
        4, ge=2, le=64, description="How many such lines' worth of head a request may have."
    )
    response_buffer_kb: int = Field(
        16, ge=4, le=1024, description="The longest head of a response, and one piece of it, KiB."
    )
    response_buffers: int = Field(
        8,
        ge=3,  # two are on their way to the client while one is filled
        le=256,
        description="Pieces of one response kept in memory for a slow client.",
    )
    sendfile_chunk_kb: int = Field(
        512,
        ge=32,
        le=65_536,
        description="What a file's download may send at once, KiB. A fast client leaves the worker"
        " to the others after that.",
    )
    methods: tuple[Method, ...] = Field(
        ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
        min_length=1,
        description="Methods that are let through; any other gets 405.",
    )

    upstream_max_fails: int = Field(
        1,
        ge=0,
        le=100,
        description="Failures within upstream_rest_seconds after which a process is passed over"
        " for as"
        " long, unless nobody else is left. 0: never, so that every request finds out by itself.",
    )
    upstream_rest_seconds: int = Field(
        1,
        ge=1,
        le=600,
        description="How long a failing process is passed over, seconds, up to one more since"
        " Nginx counts whole ones.",
    )
    upstream_tries: int = Field(
        3,
        ge=1,
        le=20,
        description="Processes that are tried for one request. Bounded, so that a request that"
        " kills processes can't kill all of them.",
    )
    stream_paths: tuple[UrlPath, ...] = Field(
        ("/ws", "/events"),
        description="WebSockets and server-sent events, with all that is below: not buffered, open"
        " for stream_timeout_seconds.",
    )
    stream_timeout_seconds: int = Field(
        3600, ge=1, le=86_400, description="How long a stream may be silent, seconds."
    )

    gzip_level: int = Field(
        5, ge=0, le=9, description="Effort of compression. 5 takes 76 % off JSON. 0: none."
    )
    gzip_min_bytes: int = Field(
        512, ge=20, le=1_000_000, description="Responses below this are sent as they are, bytes."
    )
    gzip_types: tuple[MediaType, ...] = Field(
        (
            "application/atom+xml",
            "application/geo+json",
            "application/javascript",
            "application/json",
            "application/ld+json",
            "application/manifest+json",
            "application/problem+json",
            "application/rss+xml",
            "application/vnd.api+json",
            "application/wasm",
            "application/xhtml+xml",
            "application/xml",
            "image/bmp",
            "image/svg+xml",
            "image/x-icon",
            "text/css",
            "text/csv",
            "text/javascript",
            "text/markdown",
            "text/plain",
            "text/xml",
        ),
        description="Media types that are compressed, beside text/html, which always is. What is"
        " compressed already (fonts, photographs) only costs time.",
    )
    static_days: int = Field(
        30,
        ge=0,
        le=365,
        description="How long browsers keep static files and uploads, days. Those with a hash in"
        " their name are never asked for again in that time.",
    )

    uploads_cache_mb: int = Field(
        1024,
        ge=16,
        le=1_000_000,
        description="Room on the disk for what was fetched from public buckets (app.bucket), MiB."
        " What was asked for longest ago goes first.",
    )
    resolver: tuple[IPvAnyAddress, ...] = Field(
        (ip_address("127.0.0.53"),),
        min_length=1,
        description="Name servers by which Nginx finds a bucket's host: systemd-resolved's. A host"
        " without that (Debian) has its own in /etc/resolv.conf.",
    )

    docs_open: bool = Field(False, description="Whether `docs_paths` are reachable.")
    docs_paths: tuple[PathPattern, ...] = Field(
        (
            "/docs",
            "/redoc",
            "/openapi.json",
            "/api/docs",
            "/api/redoc",
            "/api/openapi.json",
            "/api/*/docs",
            "/api/*/redoc",
            "/api/*/openapi.json",
            "/swagger",
            "/swagger-ui",
            "/api/swagger",
            "/api/schema",
            "/api-docs",
            "/apidocs",
            "/graphiql",
        ),
        description="The API's documentation, with all that is below; 404 unless docs_open. A site"
        " with a page for people under one of these takes it from the list. /graphql is not in it:"
        " it is the API itself.",
    )
    cors: Literal["own", "application"] = Field(
        "own",
        description="Who answers other origins. own: Nginx, and only for the own domains and"
        " cors_origins. application: the application, for whomever it wants.",
    )
    cors_origins: tuple[OriginPattern, ...] = Field(
        (),
        description="Origins allowed beside the own domains, such as https://admin.example.org, or"
        " https://*.preview.example.org: every name one step below. Whoever may make such a name"
        " reads what its visitors may.",
    )
    cors_exposed: tuple[HeaderName, ...] = Field(
        ("X-Request-ID",), description="Headers of answers that scripts of those origins may read."
    )
    cors_max_age_seconds: int = Field(
        7200, ge=0, le=86_400, description="How long browsers may remember the answer, seconds."
    )
    redirect_aliases: bool = Field(
        True, description="Whether aliases send visitors on to the domain, or serve the same."
    )

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
    maintenance_allow: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Addresses and networks that are served during maintenance."
    )
    maintenance_retry_after_seconds: int = Field(
        300, ge=1, le=86_400, description="What others are told to wait meanwhile, seconds."
    )
    drain_timeout_seconds: int = Field(
        600,
        ge=1,
        le=86_400,
        description="How long connections outlive a reload, seconds. WebSockets never end by"
        " themselves.",
    )
    log_buffer_kb: int = Field(
        64, ge=4, le=4096, description="Access log lines kept in memory by each worker, KiB."
    )
    log_flush_seconds: int = Field(
        1,
        ge=1,
        le=300,
        description="... and for no longer than this, seconds. A release is watched by them.",
    )
    log_queries: bool = Field(
        False,
        description="Whether the access log has the part of URLs after `?`. It may hold tokens.",
    )

    reports_per_minute: int = Field(
        30,
        ge=1,
        le=10_000,
        description="Reports of browsers about the Content-Security-Policy that are taken from one"
        " client a minute; from all together ten times as many. Each is a line of some 200 bytes.",
    )

    origin: Origin = Field(
        Origin(), description="What a request has to show, so that nobody goes around the CDN."
    )
    limits: Limits = Field(Limits(), description="How much one client may ask for.")
    headers: Headers = Field(Headers(), description="Security headers of every response.")
    cache: Cache = Field(Cache(), description="Responses kept for a short time.")

    @model_validator(mode="after")
    def _proxies_are_known(self) -> "Nginx":
        if self.origin.only_proxies and not self.trusted_proxies:
            raise ValueError("origin.only_proxies needs trusted_proxies: nobody would be answered")
        _ = self.proxies
        return self

    @property
    def proxies(self) -> tuple[str, ...]:
        """All networks of trusted_proxies. Raises ValueError for a CDN whose are not known yet."""
        found: list[str] = []
        for each in self.trusted_proxies:
            found += ranges.networks(each) if isinstance(each, str) else [str(each)]
        return tuple(dict.fromkeys(found))
