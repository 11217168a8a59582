"""Which responses Nginx may answer with by itself: those that it has kept since the last switch.

An application may let anybody have a page for a year: Next.js says so (`s-maxage`) of each page
that it makes at build time. Nginx keeps a response together with the end of a link (`cache.conf`).
Each switch leads that link to a new name, without a reload. So no release is answered for by
another one, nor by what it said itself when it was live before.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from roles.core.host import disk

from . import slots
from .layout import Layout


def begin(layout: Layout, slot: str) -> None:
    """Have Nginx answer with nothing that it has kept until now. It asks `slot` already: a response
    of the former release that comes after this would be kept for good."""
    link = layout.responses
    former, name = _end(layout), f"{_of(layout, slot)}{secrets.token_hex(8)}"
    for folder in (link.parent, link.with_name(name)):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)  # whatever the umask is: Nginx has to find the end
    disk.link(link, Path(name))
    # Whoever is just being answered may be on the way to the one before.
    for path in link.parent.glob("[!.]*"):
        if path.name not in (link.name, name, former):
            disk.remove(path)


def current(layout: Layout, slot: str) -> bool:
    """Whether what is kept is what the release in `slot` has said, not one from before a switch."""
    return _end(layout).startswith(_of(layout, slot)) and layout.responses.exists()


def _of(layout: Layout, slot: str) -> str:
    """How the names begin that stand for what runs in `slot`."""
    definition = slots.started(layout, slot)
    return f"{slot}-{definition.identity[:16] if definition else ''}-"


def _end(layout: Layout) -> str:
    return layout.responses.readlink().name if layout.responses.is_symlink() else ""
