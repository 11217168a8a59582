"""What the tests of two applications look at."""

from __future__ import annotations

from tests.applications.two import Two

# As the application's user; Redis 6.0's own program reads no name in a URL.
LOGGED_IN = (
    "p=${{REDIS_URL#*//*:}}; REDISCLI_AUTH=${{p%@*}} redis-cli --no-auth-warning --user {app}"
)


def pids(two: Two, app: str) -> str:
    return two.box.ssh(f"pgrep -u {app} | sort")
