"""The buckets by which Nginx counts what one client asks for."""

from dataclasses import dataclass

from .limits import MINUTES_AN_HOUR, Limits, PathLimit
from .paths import any_of

PAGE_VIEWS = 6
"""The part of a minute that a browser's burst is: people load a page once in ten seconds."""

TABLE = "nginx.limits"
PATHS = f"{TABLE}.paths."
"""With the number of its entry, of which the first is 1."""

PLAIN = "$client_plain$session_plain"
"""Who asked, for requests that are not a page's own: a session or, without one, an address."""


@dataclass(frozen=True)
class Zone:
    """A leaky bucket as Nginx counts it: `rate` requests a minute, `burst` beyond the first.

    Its name is the setting's: Nginx writes it beside each request that it refuses. One with another
    key needs another name: a running Nginx refuses a reload that changes it, and goes on as it was.
    """

    name: str
    key: str
    rate: int
    burst: int

    @property
    def use(self) -> str:
        """The words of limit_req; Nginx refuses a burst of none."""
        burst = [f"burst={self.burst}"] if self.burst else []
        return " ".join([f"zone={self.name}", *burst, "nodelay"])


def zones(limits: Limits) -> list[Zone]:
    """The buckets that `limits` ask for.

    Each holds a whole period's allowance and refills by a period's allowance in one period. So a
    client that stays within N in every period is never refused, one that asks for more gets N at
    once, less than 2 N in its first period and N in every later one, as with a counter that is set
    to zero at the full minute or hour. Nginx's unit is whole requests a minute: 1000 an hour are
    refilled by 16 a minute, 960 an hour, rounded down.
    """
    found = []
    if limits.per_minute:
        found.append(Zone(f"{TABLE}.per_minute", PLAIN, limits.per_minute, limits.per_minute - 1))
    if limits.per_hour:
        rate = limits.per_hour // MINUTES_AN_HOUR
        found.append(Zone(f"{TABLE}.per_hour", PLAIN, rate, limits.per_hour - 1))
    if limits.browsers_per_minute:
        rate = limits.browsers_per_minute
        name = f"{TABLE}.browsers_per_minute"
        found.append(Zone(name, "$client_browsing", rate, max(rate // PAGE_VIEWS - 1, 0)))
    return found + logins(limits)


def logins(limits: Limits) -> list[Zone]:
    """The bucket of attempts to log in, which counts everywhere."""
    if not (limits.logins_per_minute and limits.login_paths):
        return []
    rate = limits.logins_per_minute
    return [Zone(f"{TABLE}.logins_per_minute", "$client_logging_in", rate, rate - 1)]


@dataclass(frozen=True)
class Place:
    """A path's own location: `setting` is what differs there, `zones` are all that count there."""

    setting: PathLimit
    expression: str
    zones: list[Zone]


def places(limits: Limits) -> list[Place]:
    """The locations of `limits.paths`, in their order."""
    return [
        Place(setting, any_of([setting.path]), _own(limits, setting, number))
        for number, setting in enumerate(limits.paths, 1)
    ]


def own_zones(limits: Limits) -> list[Zone]:
    """The buckets that single paths have."""
    return [zone for place in places(limits) for zone in place.zones if zone.name.startswith(PATHS)]


def _own(limits: Limits, setting: PathLimit, number: int) -> list[Zone]:
    if setting.rate_per_minute is None:
        return zones(limits)
    if setting.rate_per_minute == 0:
        return logins(limits)
    burst = setting.rate_per_minute - 1 if setting.burst is None else setting.burst
    return [Zone(f"{PATHS}{number}", "$client", setting.rate_per_minute, burst), *logins(limits)]
