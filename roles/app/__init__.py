"""The application: from a git tag to processes that answer, and back."""

from .facts import (
    bucket,
    claimed_mb,
    connections,
    live,
    mounted,
    own,
    routed,
    routes,
    served,
    sockets,
    static,
    uploads,
)
from .process_layout import lay_out
from .releases import Release
from .role import ask, part, release
from .rollback import activate, earlier, listed, target
from .settings import App
from .user import account

__all__ = [
    "App",
    "Release",
    "account",
    "activate",
    "ask",
    "bucket",
    "claimed_mb",
    "connections",
    "earlier",
    "lay_out",
    "listed",
    "live",
    "mounted",
    "own",
    "part",
    "release",
    "routed",
    "routes",
    "served",
    "sockets",
    "static",
    "target",
    "uploads",
]
