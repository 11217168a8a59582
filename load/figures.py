"""What was seen in one stage, as numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from typing import Any

from . import histogram
from .histogram import Histogram
from .stages import Stage


@dataclass(frozen=True)
class Times:
    """Milliseconds; None where there was no answer."""

    count: int
    mean: float | None
    p50: float | None
    p95: float | None
    p99: float | None
    slow: float
    """The share above a second, 0 to 1."""


@dataclass(frozen=True)
class Figures:
    """users: as wanted. rate: answers a second. errors: of all that was asked. closed, open: of
    users who think, and of those who come by the clock, from when they were to come. nginx: of the
    same requests by its own log. host: means and peaks of what was sampled. client: the share of a
    core that the visitors' process took; late: seconds that it was behind its clock at worst.
    moved: answers that led elsewhere, by path, by Nginx's log."""

    users: int
    seconds: float
    rate: float
    requests: int
    errors: int
    closed: Times
    open: Times
    nginx: Times
    client: float
    late: float
    host: dict[str, float] = field(default_factory=dict)
    units: dict[str, dict[str, float]] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    paths: dict[str, dict[str, Any]] = field(default_factory=dict)
    moved: dict[str, int] = field(default_factory=dict)

    @property
    def wrong(self) -> float:
        """Errors, as a share of what was asked, 0 to 1."""
        return self.errors / self.requests if self.requests else 0.0

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "wrong": self.wrong}


def times(of: Histogram) -> Times:
    return Times(
        histogram.count(of),
        histogram.mean(of),
        histogram.percentile(of, 0.50),
        histogram.percentile(of, 0.95),
        histogram.percentile(of, 0.99),
        histogram.above(of, 1000),
    )


def figures(
    number: int,
    stage: Stage,
    told: Sequence[Mapping[str, Any]],
    samples: Sequence[Mapping[str, Any]],
) -> Figures | None:
    """Of the stage `number`, once its users were all there. None if it never came to that. told:
    the visitors' lines; samples: the host's, by a clock that may be another one (see `shift`)."""
    lines = [line for line in told if line.get("stage") == number and line.get("steady")]
    if len(lines) < 2:
        return None
    begin, end = lines[0]["at"], lines[-1]["at"]
    lines = lines[1:]
    inside = [each for each in samples if begin <= each["at"] <= end]
    seen = {
        model: histogram.merged(of for line in lines for of in line["seen"][model].values())
        for model in ("closed", "open")
    }
    requests = sum(histogram.count(of) for of in seen.values())
    reasons = _sums(line["errors"] for line in lines)
    paths = _paths(lines)
    failed = _sums(line["failed"] for line in lines)
    # What came to no answer, as what the scenario raised: each was asked for, too.
    lost = sum(count for name, count in failed.items() if name not in paths)
    # A second of the log is a whole one: those at the edges are another stage's, too.
    log = [
        second
        for each in samples
        for when, second in each["nginx"].items()
        if begin <= float(when) and float(when) + 1 <= end
    ]
    spent = lines[-1]["cpu"] - told[told.index(lines[0]) - 1]["cpu"]
    return Figures(
        stage.users,
        end - begin,
        requests / max(end - begin, 1e-9),
        requests + lost,
        sum(reasons.values()),
        times(seen["closed"]),
        times(seen["open"]),
        times(histogram.merged(each["times"] for each in log)),
        spent / max(end - begin, 1e-9),
        max(line["late"] for line in lines),
        _host(inside),
        _units(inside),
        reasons,
        paths,
        _sums(each.get("moved", {}) for each in log),
    )


def _sums(several: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in several:
        for name, count in each.items():
            found[name] = found.get(name, 0) + count
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _paths(lines: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    names = {name for line in lines for of in line["seen"].values() for name in of}
    failed = _sums(line["failed"] for line in lines)
    found = {}
    for name in sorted(names):
        of = histogram.merged(m.get(name, {}) for line in lines for m in line["seen"].values())
        one = times(of)
        found[name] = {"count": one.count, "p95": one.p95, "errors": failed.get(name, 0)}
    return found


def _host(samples: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Means of what flows, peaks of what fills."""
    found: dict[str, float] = {}
    for name in ("cpu", "steal"):
        if values := [each[name] for each in samples]:
            found[name] = sum(values) / len(values)
    for name, path in PEAKS.items():
        values = [value for each in samples if (value := at(each, path)) is not None]
        if values:
            found[name] = max(values)
    return found


PEAKS = {
    "memory": "memory",
    "disk": "disk",
    "nginx_connections": "connections",
    "database_connections": "postgres.used",
    "database_most": "postgres.most",
    "pool_busy": "pooler.busy",
    "pool_servers": "pooler.servers",
    "pool_waiting": "pooler.waiting",
    "pool_longest_wait": "pooler.longest_wait",
    "redis_memory": "redis.used_memory",
    "redis_most": "redis.maxmemory",
}


def at(sample: Mapping[str, Any], path: str) -> float | None:
    """A value of a sample by its dotted path."""
    found: Any = sample
    for part in path.split("."):
        if not isinstance(found, Mapping) or found.get(part) is None:
            return None
        found = found[part]
    return float(found)


def _units(samples: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """By unit: cores that it kept busy, and its peaks."""
    found: dict[str, dict[str, float]] = {}
    for name in sorted({name for each in samples for name in each["units"]}):
        seen = [(each["at"], each["units"][name]) for each in samples if name in each["units"]]
        peaks = ("memory", "ceiling", "tasks", "descriptors")
        found[name] = {
            key: max(values)
            for key in peaks
            if (values := [unit[key] for _, unit in seen if unit.get(key) is not None])
        }
        steps = list(pairwise(seen))
        spent = sum(max(b["cpu"] - a["cpu"], 0) for (_, a), (_, b) in steps)
        lasted = seen[-1][0] - seen[0][0]
        found[name]["cores"] = spent / lasted if lasted else 0.0
    return found
