"""Compressing what Nginx serves when it is built, so that no visitor waits for it.

As the build user, in the build's own sandbox, and before the release is sealed: it is one of its
files. Nginx takes `NAME.gz` for NAME where it is there (gzip_static).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable

KINDS = (
    "atom", "css", "csv", "html", "htm", "ico", "js", "json", "map", "md", "mjs", "rss", "svg",
    "txt", "wasm", "webmanifest", "xml",
)  # fmt: skip
"""Endings of text, and of what is as good to compress; pictures and fonts are compressed already.
"""
LEAST = 1  # KiB: less fits into the packets that are sent anyway
MOST = 16 * 1024  # KiB: a file of more would take seconds, and Nginx compresses it as it goes


def command(folders: Iterable[str]) -> str:
    """A shell line for the release's folder; one that was made by the build itself stays."""
    names = " -o ".join(f"-name '*.{kind}'" for kind in KINDS)
    one = 'for file; do [ -e "$file.gz" ] || gzip -9 -k -n -- "$file"; done'
    places = " ".join(shlex.quote(f"./{folder}") for folder in folders)
    skipped = r"\( -name node_modules -o -name .venv -o -name '.git' \) -prune"
    size = f"-size +{LEAST}k -size -{MOST}k"
    return (
        f"find {places} {skipped} -o -type f {size} \\( {names} \\) -exec sh -c '{one}' sh {{}} +"
    )
