"""Nginx's own error pages: for people and for programs, each in one file that is easy to change."""

import base64
import hashlib

from roles.core.entries import Directory, Entry
from roles.core.templates import render

DIRECTORY = "/var/www/error"

STYLE = (
    "body{font:1.1em/1.5 system-ui,sans-serif;color:#222;background:#fff;margin:15vh auto;"
    "max-width:36em;padding:0 1em}h1{font-weight:600}small{color:#666}"
)

AGAIN = "Please try again in a moment."
PAGES = {
    400: ("Bad request", "The request could not be understood."),
    403: ("Forbidden", "This is not open to you."),
    404: ("Not found", "There is nothing at this address."),
    405: ("Method not allowed", "This can't be done with this address."),
    408: ("Request timeout", "The request took too long to arrive."),
    413: ("Too large", "What was sent is larger than what is accepted here."),
    414: ("Address too long", "The address is longer than what is accepted here."),
    415: ("Unsupported media type", "What was sent is packed in a way that is not accepted here."),
    429: ("Too many requests", "Please wait a minute before you try again."),
    500: ("Internal error", f"Something went wrong here. {AGAIN}"),
    502: ("Bad gateway", f"The application does not answer. {AGAIN}"),
    503: ("Down for maintenance", "We will be back soon."),
    504: ("Gateway timeout", "The application took too long to answer."),
}
"""Title and advice by status: those that Nginx itself answers with."""

CLOSED = (
    "Closed by nginx.docs_paths",
    "Only who logged in by SSH from this address sees this; to everybody else there is nothing"
    " here. To open it, take this path from nginx.docs_paths, or set nginx.docs_open = true.",
)
"""The same for what a setting closes, as the operator is told."""


def style_hash() -> str:
    """What a Content-Security-Policy calls the pages' style, so that it needs no unsafe-inline."""
    digest = hashlib.sha256(STYLE.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def pages() -> list[Entry]:
    """The directory of error pages, one HTML and one JSON file a status."""
    found: list[Entry] = [Directory("/var/www"), Directory(DIRECTORY)]
    named = {str(status): (status, *words) for status, words in PAGES.items()}
    named["closed"] = (404, *CLOSED)
    for name, (status, title, advice) in named.items():
        for form in ("html", "json"):
            found.append(
                render(
                    "nginx",
                    f"{DIRECTORY}/{name}.{form}",
                    template=f"nginx{DIRECTORY}/page.{form}.j2",
                    status=status,
                    title=title,
                    advice=advice,
                    style=STYLE,
                )
            )
    return found
