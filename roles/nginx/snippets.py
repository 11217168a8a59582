"""Where Nginx takes files of the team's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from roles.core.entries import File
from roles.core.snippet_place import SnippetPlace

SERVER = "/etc/nginx/server.d"

# One of these takes away, where it stands, all that readyhost says by the same directive for the
# whole host: the headers of an answer, those that only a proxy may speak in.
INHERITED = ("add_header", "proxy_set_header")

_WORDS = re.compile(r"""#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|[^\s{};]+""")


def takes() -> tuple[SnippetPlace, ...]:
    """Beside the server block, and in it: directives, and locations."""
    return (
        SnippetPlace("nginx/http", "nginx", "/etc/nginx/conf.d/{name}.conf", unit="nginx"),
        SnippetPlace(
            "nginx/server", "nginx", f"{SERVER}/{{name}}.conf", unit="nginx", wrong=_wrong
        ),
    )


def _wrong(text: str, files: Sequence[File]) -> str:
    for directive in directives(text):
        if directive in INHERITED:
            return (
                f"{directive} for the whole server takes away all that readyhost sets by it;"
                " put it into nginx/http/, where it adds one"
            )
    return ""


def directives(text: str) -> list[str]:
    """Those that stand in no block of their own.

    >>> directives("root /srv; location /a { return 204; } # expires 1h;")
    ['root', 'location']
    """
    found, depth, begins = [], 0, True
    for word in _WORDS.findall(text):
        if word.startswith("#"):
            continue
        if word in "{};":
            depth += {"{": 1, "}": -1, ";": 0}[word]
            begins = True
            continue
        if begins and depth == 0:
            found.append(word)
        begins = False
    return found
