"""Bodies of answers, to a bound. Who answers may be an intruder in the application: his body has no
end, or is four gigabytes in four megabytes of gzip, and it is the operator's memory that it fills.
All of a body is read, as a visitor does, and no more of it is kept than a scenario looks at."""

from __future__ import annotations

import zlib
from typing import Any

KEPT = (
    2**20
)  # bytes of one body: thousands of users have one each, and few pages have a tenth of it
STEP = 2**14  # bytes that are read at once


def bound(kept: int = KEPT) -> None:
    """Have Locust's users keep that much of each answer. What they stream themselves is theirs."""
    import requests.models
    from geventhttpclient.response import HTTPResponse
    from geventhttpclient.useragent import CompatResponse

    def on_body(self: Any, part: bytes) -> None:
        self._body_buffer += part[: max(kept - len(self._body_buffer), 0)]

    def unzipped(self: Any, gzip: bool = True, br: bool = False) -> bytes:
        text = self._response.read()
        return unbrotlied(text, kept) if br else inflated(text, gzip, kept)

    def content(self: Any) -> bytes | None:
        if self._content is False:
            there = self.status_code and self.raw is not None  # or nobody has answered
            whole = bytearray()
            for part in self.iter_content(STEP) if there else ():
                whole += part[: kept - len(whole)]
            self._content = bytes(whole) if there else None
        self._content_consumed = True
        return self._content

    HTTPResponse._on_body = on_body
    CompatResponse.unzipped = unzipped
    requests.models.Response.content = property(content)  # type: ignore[assignment,method-assign]


def inflated(text: bytes, is_gzip: bool, most: int) -> bytes:
    """The beginning of what is packed; also where only the beginning of that is there.

    >>> inflated(zlib.compress(bytes(10**6)), False, 3)
    b'\\x00\\x00\\x00'
    """
    if is_gzip:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(text, most)
    try:  # some say deflate, and mean it without zlib's head
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(text, most)
    except zlib.error:
        return zlib.decompressobj().decompress(text, most)


def unbrotlied(text: bytes, most: int) -> bytes:
    """The same of Brotli."""
    import brotli

    return brotli.Decompressor().process(text, output_buffer_limit=most)[:most]
