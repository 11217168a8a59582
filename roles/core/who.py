"""Who runs this."""

from __future__ import annotations

import getpass
import os
import socket


def operator() -> str:
    """Who runs this, as the host's record will name it: in CI the job, else user@machine."""
    if os.environ.get("GITHUB_ACTIONS"):
        return f"{os.environ.get('GITHUB_ACTOR', '?')} by {os.environ.get('GITHUB_WORKFLOW', '?')}"
    return f"{getpass.getuser()}@{socket.gethostname()}"
