"""Users who have begun (signed in), and others who come as one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

AGAIN = 1.0  # seconds after which a user who could not begin tries again, as a person does


def begins(
    on_start: Callable[[Any], Any],
    begun: list[Any],
    lost: Callable[[str, str], None],
    sleep: Callable[[float], object],
    waits: Callable[[], bool],
) -> Callable[[Any], None]:
    """Locust lets a user whose on_start raises go, and counts nothing: a test in which nobody could
    sign in would be one without visitors, and without errors. begun: gets who has begun. lost:
    takes a name and why. waits: whether somebody waits for it; else it is not tried again."""

    def tries(user: Any) -> None:
        while True:
            try:
                on_start(user)
            except Exception as error:
                if not waits() or type(error).__name__ == "StopUser":
                    raise
                lost("on_start", f"{type(error).__name__}: {error}")
                sleep(AGAIN)
            else:
                if waits() and user not in begun:
                    begun.append(user)
                return

    return tries


def like(other: Any, make: Callable[[type[Any]], Any]) -> Any:
    """Another user in the session of one who has begun: a second tab. Were each arrival to sign in,
    a host that is slow would be asked for little else."""
    user = make(type(other))
    for name, value in vars(other).items():
        if name not in vars(user):
            setattr(user, name, value)  # a token that on_start has kept
    for part in ("cookiejar", "cookies"):  # of FastHttpUser, of HttpUser
        for cookie in getattr(other.client, part, ()):
            getattr(user.client, part).set_cookie(cookie)
    for part in ("headers", "auth"):
        if hasattr(other.client, part):
            setattr(user.client, part, getattr(other.client, part))
    return user
