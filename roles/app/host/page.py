"""Whether the page that a new release answers with has its scripts and styles, before the switch.

A process may be healthy and its page without what it needs: another build wrote other names, or the
setting names another folder.
"""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from .health import UnixConnection

PREFIX = "/static/"
SIZE = 512 * 1024  # bytes of a page that are read
FILES = 100  # of them that are looked for
STYLES = {"stylesheet", "modulepreload"}


def missing(socket: Path, health: Mapping[str, Any], static: Path) -> str:
    """A file that the page names and that is not in the folder `static`, as a sentence; empty for
    none. A page that is not there, or no HTML, names nothing."""
    page = health.get("page")
    if not page:
        return ""
    try:
        text = _read(socket, page, health)
    except (OSError, http.client.HTTPException):
        return ""
    gone = [
        path
        for path in named(text, page, health["host"])
        if not is_there(static, path[len(PREFIX) :])
    ]
    if not gone:
        return ""
    return (
        f"the page {page} names {gone[0]}"
        + (f" and {len(gone) - 1} more" if gone[1:] else "")
        + f", which the release's folder {static.name!r} (app.static) does not have;"
        ' app.health.page = "" would look at no page'
    )


def named(text: str, page: str, host: str, prefix: str = PREFIX) -> list[str]:
    """Paths below `prefix` of the scripts and styles that a page names, on its own origin."""
    found = _Names()
    found.feed(text)
    own = f"https://{host}"
    paths = [path for name in found.names if (path := _path(name, f"{own}{page}", own))]
    return list(dict.fromkeys(path for path in paths if path.startswith(prefix)))[:FILES]


def _path(name: str, base: str, own: str) -> str:
    """The path that `name` means on the page `base`; empty for another origin's."""
    try:
        url = urlsplit(urljoin(base, name))
    except ValueError:  # no URL at all: browsers ask for nothing
        return ""
    return unquote(url.path) if f"{url.scheme}://{url.netloc}" == own else ""


def is_there(static: Path, name: str) -> bool:
    """Whether the folder has a file of that name; one that leads out of it is not looked for."""
    return ".." in name.split("/") or "\0" in name or (static / name).is_file()


def _read(socket: Path, page: str, health: Mapping[str, Any]) -> str:
    connection = UnixConnection(socket, health["timeout"])
    headers = {"Host": health["host"], "X-Forwarded-Proto": "https", "User-Agent": "readyhost"}
    try:
        connection.request("GET", page, headers={**headers, "Accept": "text/html"})
        answer = connection.getresponse()
        html = answer.status == 200 and "html" in (answer.getheader("Content-Type") or "")
        return answer.read(SIZE).decode(errors="replace") if html else ""
    finally:
        connection.close()


class _Names(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and values.get("src"):
            self.names.append(values["src"])
        if tag == "link" and STYLES & set(values.get("rel", "").lower().split()):
            self.names.append(values.get("href", ""))
