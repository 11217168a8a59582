"""The entry point. Each run asks `stanza --check`, so that is answered before the rest is read."""

from __future__ import annotations

import sys

from roles.core.host.errors import HostError

from . import configuration, prepared

ASKED = ["stanza", "--check"]


def main() -> int:
    """Exit status: 0, or 1 with the reason on stderr."""
    if sys.argv[1:] != ASKED:
        from .command import main as command

        return command()
    try:
        return 0 if prepared.is_prepared(configuration.load()) else 1
    except HostError as error:
        print(error, file=sys.stderr)
        return 1
