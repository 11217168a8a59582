"""How files of visitors are served: shown where they can't run, else saved, never as a script."""

from __future__ import annotations

from dataclasses import dataclass

SHOWN = {
    "application/vnd.apple.mpegurl": "m3u8",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "oga ogg opus",
    "audio/wav": "wav",
    "image/avif": "avif",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/jpeg": "jpeg jpg",
    "image/png": "png",
    "image/tiff": "tif tiff",
    "image/webp": "webp",
    "image/x-icon": "ico",
    "video/mp2t": "ts",
    "video/mp4": "m4v mp4",
    "video/mpeg": "mpeg mpg",
    "video/ogg": "ogv",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/x-matroska": "mkv",
}
"""Media types that browsers show, by the endings of names."""

NAMED = {"application/pdf": "pdf", "image/svg+xml": "svg"}
"""Types that are told, so that a page can embed them, and saved when opened by themselves:
both may hold a script. Any other file is `application/octet-stream`, which
browsers run neither as a script nor as a style (with nosniff), whatever its name."""


NOT_STORAGES = (
    # What it is, and how it is kept: said here.
    "Content-Type Content-Disposition Content-Language Content-Location Cache-Control Expires"
    " Pragma Age CDN-Cache-Control Surrogate-Control Vary Trailer"
    # What a browser does by it, on this site or to all of what it has of it.
    " Set-Cookie Set-Cookie2 Clear-Site-Data Service-Worker-Allowed Content-Security-Policy"
    " Content-Security-Policy-Report-Only X-Content-Security-Policy X-WebKit-CSP Document-Policy"
    " Require-Document-Policy Permissions-Policy Feature-Policy Referrer-Policy X-Frame-Options"
    " X-XSS-Protection X-Content-Type-Options X-Permitted-Cross-Domain-Policies X-Download-Options"
    " X-DNS-Prefetch-Control X-Robots-Tag Cross-Origin-Embedder-Policy"
    " Cross-Origin-Embedder-Policy-Report-Only Cross-Origin-Opener-Policy"
    " Cross-Origin-Opener-Policy-Report-Only Cross-Origin-Resource-Policy Origin-Agent-Cluster"
    " Timing-Allow-Origin Activate-Storage-Access Set-Login SourceMap X-SourceMap"
    " Speculation-Rules Use-As-Dictionary No-Vary-Search Observe-Browsing-Topics"
    " Supports-Loading-Mode Accept-CH Critical-CH Accept-Patch Accept-Post Allow"
    # Where it goes, and whom it tells.
    " Link Refresh Location URI Alternates Alt-Svc NEL Report-To Reporting-Endpoints Expect-CT"
    " Public-Key-Pins Public-Key-Pins-Report-Only Strict-Transport-Security WWW-Authenticate"
    " Proxy-Authenticate Authentication-Info Attribution-Reporting-Register-Source"
    " Attribution-Reporting-Register-Trigger Access-Control-Allow-Origin"
    " Access-Control-Allow-Credentials Access-Control-Allow-Headers Access-Control-Allow-Methods"
    " Access-Control-Allow-Private-Network Access-Control-Expose-Headers Access-Control-Max-Age"
    # Who it is.
    " Via X-Powered-By X-Request-ID x-amz-request-id x-amz-id-2 x-amz-version-id"
    " x-amz-storage-class x-amz-server-side-encryption x-amz-website-redirect-location"
).split()
"""Headers that mean something to a browser or a CDN, and are not passed on from storage elsewhere:
who keeps the files there, or may say how one is to be sent, is not this site. What is left tells
of the bytes alone."""


@dataclass(frozen=True)
class Bucket:
    """Storage behind /uploads/: its URL, the host in it, whether Nginx may keep what it fetched,
    and the authorities that its certificate may be of."""

    url: str
    host: str
    is_public: bool
    ca_file: str

    @property
    def scheme(self) -> str:
        return self.url.partition(":")[0]

    @property
    def path(self) -> str:
        """Its path, without a slash at its end."""
        return "/" + self.url.split("/", 3)[3]


def types() -> dict[str, str]:
    """Endings by media type: all that an upload is ever served as but octet-stream."""
    return {**SHOWN, **NAMED}


def endings() -> str:
    """A regular expression for the endings of what is shown."""
    return "|".join(sorted(" ".join(SHOWN.values()).split()))
