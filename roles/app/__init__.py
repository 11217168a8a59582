"""The application: from a git tag to processes that answer, and back."""

from .facts import (
    bucket,
    claimed_mb,
    live,
    mounted,
    own,
    responses,
    routed,
    served,
    static,
    uploads,
)
from .first import ahead, is_first
from .placed import Placed
from .releases import Release
from .role import ask, part, release
from .rollback import activate, earlier, listed, target
from .settings import App
from .user import account

__all__ = [
    "App",
    "Placed",
    "Release",
    "account",
    "activate",
    "ahead",
    "ask",
    "bucket",
    "claimed_mb",
    "earlier",
    "is_first",
    "listed",
    "live",
    "mounted",
    "own",
    "part",
    "release",
    "responses",
    "routed",
    "served",
    "static",
    "target",
    "uploads",
]
