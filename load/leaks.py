"""What grew over a soak, by process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import histogram
from .figures import at
from .slopes import Point, Slope, slope

WARM = 0.15
"""The part of the time that is left out: caches fill, modules are loaded."""
SHARE = 0.1
"""What grows by less than this of where it began is no leak, whatever a test says."""
LEAST = {"memory": 8 * 2**20, "descriptors": 10, "tasks": 5, "connections": 5, "disk": 2, "p95": 50}
UNITS = {"memory": "MiB", "disk": "% of the disk", "p95": "ms"}


@dataclass(frozen=True)
class Grown:
    """who: a process, or what of the host. what: memory and so on."""

    who: str
    what: str
    slope: Slope
    leaks: bool

    @property
    def words(self) -> str:
        size = 2**20 if self.what == "memory" else 1
        unit = UNITS.get(self.what, "")
        each, start = self.slope.each_hour / size, self.slope.start / size
        chance = max(self.slope.probability, 0.0001)
        sign = "<" if chance == 0.0001 else "="
        return (f"{self.who}: {self.what} {each:+.1f} {unit} an hour from {start:.0f} {unit}"
                f" (p {sign} {chance:.4f})").replace("  ", " ")  # fmt: skip


def grown(samples: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]]) -> list[Grown]:
    """Every series that is long enough; what leaks comes first."""
    found = []
    for who, what, points in series(samples, told):
        line = slope(points)
        if line:
            found.append(Grown(who, what, line, line.grows(LEAST[what], SHARE)))
    return sorted(found, key=lambda each: (not each.leaks, each.slope.probability))


def series(
    samples: Sequence[Mapping[str, Any]], told: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str, list[Point]]]:
    """Who, what, and its points once the host was warm."""
    if not samples:
        return
    begin = samples[0]["at"] + WARM * (samples[-1]["at"] - samples[0]["at"])
    warm = [each for each in samples if each["at"] >= begin]
    for unit in sorted({name for each in warm for name in each["units"]}):
        life = longest_life(warm, unit)
        for what in ("memory", "descriptors", "tasks"):
            yield unit, what, [(when, float(of[what])) for when, of in life]
    for who, what, path in (("PostgreSQL", "connections", "postgres.used"),
                            ("PgBouncer", "connections", "pooler.clients"),
                            ("Redis", "connections", "redis.connected_clients"),
                            ("Nginx", "connections", "connections"),
                            ("the host", "disk", "disk")):  # fmt: skip
        yield who, what, [(each["at"], value) for each in warm
                          if (value := at(each, path)) is not None]  # fmt: skip
    yield "answers", "p95", _p95([line for line in told if line.get("steady")])


def longest_life(
    samples: Sequence[Mapping[str, Any]], unit: str
) -> list[tuple[float, Mapping[str, Any]]]:
    """The longest time without a restart: one that ends a leak must not hide it."""
    lives: dict[int, list[tuple[float, Mapping[str, Any]]]] = {}
    for each in samples:
        if unit in each["units"]:
            found = each["units"][unit]
            lives.setdefault(found["first"], []).append((each["at"], found))
    return max(lives.values(), key=len)


def restarts(samples: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How often a unit had another first process than before, but for another release's."""
    found: dict[str, int] = {}
    last: dict[str, int] = {}
    release = None
    for each in samples:
        if each.get("release") != release:
            release, last = each.get("release"), {}
        for name, unit in each["units"].items():
            if name in last and last[name] != unit["first"] and unit["first"]:
                found[name] = found.get(name, 0) + 1
            last[name] = unit["first"]
    return found


def _p95(lines: Sequence[Mapping[str, Any]], blocks: int = 40) -> list[Point]:
    size = max(len(lines) // blocks, 4)
    found = []
    for start in range(0, len(lines) - size + 1, size):
        cut = lines[start : start + size]
        of = histogram.merged(each for line in cut for m in line["seen"].values()
                              for each in m.values())  # fmt: skip
        if (value := histogram.percentile(of, 0.95)) is not None:
            found.append((cut[0]["at"], value))
    return found
