"""The application: from a git tag to processes that answer, and back."""

from .back import activate, earlier, listed, target
from .facts import (
    claimed_mb,
    connections,
    mounted,
    routed,
    served,
    sockets,
    static,
    uploads,
)
from .formation import form
from .releases import Release
from .role import ask, part, release
from .settings import App

__all__ = [
    "App",
    "Release",
    "activate",
    "ask",
    "claimed_mb",
    "connections",
    "earlier",
    "form",
    "listed",
    "mounted",
    "part",
    "release",
    "routed",
    "served",
    "sockets",
    "static",
    "target",
    "uploads",
]
