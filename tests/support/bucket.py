"""The bucket as somebody with a key sees it: what is in it, and what was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpx

AT_ONCE = 1000  # objects that one request removes


@dataclass(frozen=True)
class Version:
    """An object as it was once, or the mark of its removal. time: seconds of the epoch."""

    name: str
    number: str
    time: float
    marks_removal: bool


@dataclass(frozen=True)
class Bucket:
    """`client` signs with somebody's key."""

    client: httpx.Client
    name: str

    def versions(self) -> list[Version]:
        """All that is kept. Only the bucket's owner may ask."""
        found, next_ = [], "&"
        while next_:
            page = self._page(f"?versions{next_}")
            for kind in ("Version", "DeleteMarker"):
                for each in page.iterfind(f"{{*}}{kind}"):
                    name, number, when = (
                        each.findtext(f"{{*}}{word}", "")
                        for word in ("Key", "VersionId", "LastModified")
                    )
                    moment = datetime.fromisoformat(when.replace("Z", "+00:00")).timestamp()
                    found.append(Version(name, number, moment, kind == "DeleteMarker"))
            next_ = _next(page, "key-marker", "NextKeyMarker") + _next(
                page, "version-id-marker", "NextVersionIdMarker"
            )
        return found

    def names(self) -> list[str]:
        """The objects that are there."""
        found: list[str] = []
        next_ = "&"
        while next_:
            page = self._page(f"?list-type=2{next_}")
            found += (each.text or "" for each in page.iterfind("{*}Contents/{*}Key"))
            next_ = _next(page, "continuation-token", "NextContinuationToken")
        return found

    def remove(self, objects: Iterable[tuple[str, str]]) -> None:
        """Remove objects by name, for good where the number of a version comes with it."""
        rest = iter(objects)
        while some := list(islice(rest, AT_ONCE)):
            body = "".join(
                f"<Object><Key>{escape(name)}</Key>"
                f"{f'<VersionId>{number}</VersionId>' if number else ''}</Object>"
                for name, number in some
            )
            words = f"<Delete>{body}</Delete>"
            done = self.client.post(f"/{self.name}?delete", content=words).raise_for_status()
            assert "<Error>" not in done.text, done.text[:500]

    def _page(self, query: str) -> ElementTree.Element:
        return ElementTree.fromstring(
            self.client.get(f"/{self.name}{query}").raise_for_status().text
        )


def _next(page: ElementTree.Element, argument: str, word: str) -> str:
    value = page.findtext(f"{{*}}{word}", "")
    return f"&{argument}={quote(value, safe='')}" if value else ""
