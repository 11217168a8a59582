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
