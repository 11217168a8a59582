"""Only files, which Nginx serves: nothing is built, and nothing runs."""

from __future__ import annotations

from .runtime import Runtime


class Static(Runtime):
    """Runs nothing."""

    name = "static"


RUNTIME = Static()
