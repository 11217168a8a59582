"""Where a web process listens: on the Unix socket $SOCKET, or on the TCP port $PORT."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal

from . import commands

Place = Literal["socket", "port"]
_NAMED = r"\$(?:{name}\b|\{{{name}\b)"
# They read PORT by themselves, and have no option for a socket, or none is given.
_READ_PORT = frozenset({"next", "remix-serve", "react-router-serve", "nest"})
# What Next.js and Nuxt build to be run as `node …/server.js`: these read PORT by themselves, too.
_BUILT_SERVERS = re.compile(r"(^|[\s/])(\.next/standalone|\.output/server)/")
_BINDS = re.compile(r"(^|\s)(-b|--bind|-c|--config)\b")


def place(chosen: str, command: str, files: Collection[str]) -> Place:
    """Where the web processes of `command` listen: `chosen`, or for `auto` what the command names.

    files: at the application's root. One that names neither is taken to read SOCKET by itself; the
    release's proof says so when it does not.
    """
    if chosen in ("socket", "port"):
        return "port" if chosen == "port" else "socket"
    if re.search(_NAMED.format(name="SOCKET"), command):
        return "socket"
    if re.search(_NAMED.format(name="PORT"), command):
        return "port"
    server = commands.last(command)
    name = commands.program(server).rpartition("/")[2]
    if name == "gunicorn":
        own = _BINDS.search(server) or "gunicorn.conf.py" in files
        return "socket" if own else "port"
    return "port" if name in _READ_PORT or _BUILT_SERVERS.search(server) else "socket"
