"""The end of a run that only asks. It knows pyinfra's inside.

pyinfra would go on with a table of changes that are none, a caution and a question.
"""

from __future__ import annotations

import sys

from pyinfra.api.host import Host

_answered: set[str] = set()


def answered(host: Host) -> None:
    """This host has said all. When each has, the run ends: with 1 if one could not be reached."""
    _answered.add(host.name)
    if host.state and len(_answered) == len(host.state.active_hosts):
        sys.exit(1 if host.state.failed_hosts else 0)
