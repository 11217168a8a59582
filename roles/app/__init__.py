"""The application: from a git tag to processes that answer, and back."""

from .back import activate, earlier, releases
from .facts import (
    claimed_mb,
    connections,
    packages,
    processes,
    sockets,
    static,
    uploads,
)
from .files import entries
from .formation import form
from .releases import Release
from .role import app, release
from .settings import App

__all__ = [
    "App",
    "Release",
    "activate",
    "app",
    "claimed_mb",
    "connections",
    "earlier",
    "entries",
    "form",
    "packages",
    "processes",
    "release",
    "releases",
    "sockets",
    "static",
    "uploads",
]
