"""What the figures mean: each trigger for scaling, what gave out first, how many users it bears."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .figures import Figures

WAIT = 500.0  # ms: p95 that people still take for quick
WRONG = 0.001  # share of errors that a host that is ready stays below
CLIENT = 0.9  # of a core: beyond it the visitors wait for their own machine
FAILED = 0.05  # share of errors that, where answers are quick, no load explains
LATE = 0.1  # seconds behind its clock, which says the same
CORE = 0.85  # of a core by one process, which has no more


@dataclass(frozen=True)
class Trigger:
    """A figure, and the value from which on there is to be more of something."""

    name: str
    unit: str
    most: float
    of: Callable[[Figures], float | None]


def _share(part: str, whole: str) -> Callable[[Figures], float | None]:
    def of(stage: Figures) -> float | None:
        most = stage.host.get(whole)
        return 100 * stage.host[part] / most if most and part in stage.host else None

    return of


def _host(name: str) -> Callable[[Figures], float | None]:
    return lambda stage: stage.host.get(name)


def worst(stage: Figures, name: str) -> float | None:
    """The same percentile of users who think and of arrivals: the longer one."""
    values = [getattr(of, name) for of in (stage.closed, stage.open) if of.count]
    return max(values, default=None)


def _slow(stage: Figures) -> float | None:
    slow = worst(stage, "slow")
    return None if slow is None else 100 * slow


TRIGGERS = (
    Trigger("CPU", "%", 70, _host("cpu")),
    Trigger("memory", "%", 80, _host("memory")),
    Trigger("disk", "%", 75, _host("disk")),
    # 40 of 50, at whatever number of connections there are
    Trigger("database connections", "% of max_connections", 80,
            _share("database_connections", "database_most")),
    Trigger("p95", "ms", WAIT, lambda stage: worst(stage, "p95")),
    Trigger("answers over 1 s", "% of them", 1, _slow),
)  # fmt: skip
"""Those of the checklist (SCALE), as docs/load.md has them."""


@dataclass(frozen=True)
class Verdict:
    """users: at which it was reached first; None: never. value: there, or the highest seen."""

    name: str
    unit: str
    most: float
    users: int | None
    value: float | None


def verdicts(stages: Sequence[Figures]) -> list[Verdict]:
    found = []
    for trigger in TRIGGERS:
        seen = [(stage.users, value) for stage in stages
                if (value := trigger.of(stage)) is not None]  # fmt: skip
        over = [(users, value) for users, value in seen if value >= trigger.most]
        users, value = over[0] if over else (None, max((v for _, v in seen), default=None))
        found.append(Verdict(trigger.name, trigger.unit, trigger.most, users, value))
    return found


@dataclass(frozen=True)
class First:
    """What gave out first: at how many users, what was seen, what would move it. settings: keys."""

    what: str
    users: int
    seen: str
    do: str
    settings: tuple[str, ...] = ()


def first(stages: Sequence[Figures], cores: int) -> First | None:
    """The first stage in which something is beyond its measure, and of that the cause rather than
    what follows from it. None: everything held."""
    for stage in stages:
        found = next(_given_out(stage, cores), None)
        if found:
            return found
    return None


def _given_out(stage: Figures, cores: int) -> Iterator[First]:
    host, users = stage.host, stage.users
    if stage.client >= CLIENT or stage.late > LATE:
        yield First(
            "this machine, not the host", users,
            f"the visitors took {stage.client:.0%} of a core and were {stage.late:.2f} s behind"
            f" their clock, of which {CLIENT:.0%} and {LATE} s are the most",
            "ask from a machine with more to spare, or with fewer users; the figures say little",
        )  # fmt: skip
    if (refused := sum(n for why, n in stage.reasons.items() if "429" in why)) > 0:
        yield First(
            "the limits of requests", users, f"{refused} answers were 429",
            "the application has limits of its own, or another address asked",
            ("nginx.limits.per_minute",),
        )  # fmt: skip
    if host.get("disk", 0) >= 75:
        yield First("disk", users, f"{host['disk']:.0f} % full",
                    "a larger disk; fewer releases, logs, backups kept",
                    ("app.keep_releases", "logs"))  # fmt: skip
    if host.get("memory", 0) >= 80:
        yield First("memory", users, f"{host['memory']:.0f} % of it is used",
                    "more RAM, or fewer processes", ("app.web.instances",))  # fmt: skip
    yield from _processes(stage)
    if host.get("pool_waiting", 0) > 0 and host.get("cpu", 0) < 90:
        yield First(
            "the pool of database connections", users,
            f"{host['pool_waiting']:.0f} clients waited, the longest"
            f" {host.get('pool_longest_wait', 0):.0f} s, for {host.get('pool_servers', 0):.0f}"
            " connections",
            "a larger pool while the CPU has room; else quicker queries",
            ("pgbouncer.pool_size", "postgres.max_connections"),
        )  # fmt: skip
    if (share := _share("database_connections", "database_most")(stage) or 0) >= 80:
        yield First("database connections", users, f"{share:.0f} % of max_connections",
                    "a smaller pool, or more connections if there is memory",
                    ("postgres.max_connections", "pgbouncer.pool_size"))  # fmt: skip
    if host.get("steal", 0) >= 5:
        yield First("the machine below", users, f"{host['steal']:.0f} % of the CPU were stolen",
                    "another provider's host, or dedicated cores")  # fmt: skip
    if stage.wrong >= FAILED and (worst(stage, "p95") or 0) < WAIT:
        yield First("errors, not load", users,
                    f"{stage.wrong:.0%} of what was asked failed, most by"
                    f" {next(iter(stage.reasons), '?')}, though answers were quick",
                    "mend the scenario (does it sign in?) or the application; the figures say"
                    " little")  # fmt: skip
    if host.get("cpu", 0) >= 70:
        yield _busy(stage, cores)
    if stage.wrong >= WRONG or (worst(stage, "p95") or 0) >= WAIT:
        yield _waited(stage)


def _processes(stage: Figures) -> Iterator[First]:
    """A process that has no more memory, or web processes that each have a core and want more."""
    for name, unit in stage.units.items():
        ceiling = unit.get("ceiling")
        if ceiling and unit.get("memory", 0) >= 0.9 * ceiling:
            yield First(f"memory of {name}", stage.users,
                        f"{unit['memory'] / 2**20:.0f} of {ceiling / 2**20:.0f} MiB",
                        "a higher ceiling, or find what it keeps",
                        ("app.web.memory_max_mb",))  # fmt: skip
    web = {name: unit.get("cores", 0.0) for name, unit in stage.units.items() if "-web@" in name}
    if web and min(web.values()) >= CORE and stage.host.get("cpu", 0) < 70:
        yield First("the web processes", stage.users,
                    f"each of {len(web)} kept a core busy while others were idle",
                    "more processes", ("app.web.instances",))  # fmt: skip


def _busy(stage: Figures, cores: int) -> First:
    """Whose work it is: a backup, an update, or what else is on a container's machine, is not
    visitors'."""
    took: dict[str, float] = {}
    for name, unit in stage.units.items():
        kind = name.partition("@")[0]
        took[kind] = took.get(kind, 0.0) + unit.get("cores", 0.0)
    busy = stage.host["cpu"] / 100 * cores
    seen = f"{stage.host['cpu']:.0f} % of {cores} cores"
    if took and (known := sum(took.values())) < busy / 2:
        return First("CPU, by something else", stage.users,
                     f"{seen}, of which the application and its services took {known:.1f}",
                     "see what else runs there (top; for a container, on its machine) and test"
                     " again")  # fmt: skip
    busiest = max(took, key=lambda name: took[name], default="")
    most = f", most of it {busiest} ({took[busiest]:.1f})" if busiest else ""
    return First("CPU", stage.users, seen + most,
                 "more cores; or less work for each answer: nginx.cache, queries",
                 ("nginx.cache.enabled",))  # fmt: skip


def _waited(stage: Figures) -> First:
    p95 = worst(stage, "p95") or 0
    slowest = max(stage.paths, key=lambda name: stage.paths[name]["p95"] or 0, default="")
    why = next(iter(stage.reasons), "")
    seen = (
        f"p95 {p95:.0f} ms, slowest {slowest}" if p95 >= WAIT else f"{stage.errors} errors: {why}"
    )
    return First("the application itself", stage.users, seen,
                 "nothing of the host was full: it waits for something else, such as locks, slow"
                 " queries or another service, or has too few processes (its log, and `readyhost"
                 " ENV logs`)", ("app.web.instances",))  # fmt: skip


@dataclass(frozen=True)
class Capacity:
    """users: with p95 below WAIT and hardly an error. at_least: no stage went beyond that."""

    users: int
    at_least: bool


def capacity(stages: Sequence[Figures]) -> Capacity:
    """Between the last good stage and the first that is not: where the p95 would cross."""
    good: Figures | None = None
    for stage in stages:
        p95 = worst(stage, "p95")
        if p95 is None or p95 >= WAIT or stage.wrong >= WRONG:
            return Capacity(_between(good, stage), False)
        good = stage
    return Capacity(good.users if good else 0, True)


def _between(good: Figures | None, bad: Figures) -> int:
    before = worst(good, "p95") if good else None
    after = worst(bad, "p95")
    if good is None or before is None:
        return 0
    if after is None or bad.wrong >= WRONG or after <= before:
        return good.users
    share = (WAIT - before) / (after - before)
    return int(good.users + share * (bad.users - good.users))


def as_dict(stages: Sequence[Figures], cores: int) -> dict[str, Any]:
    found = first(stages, cores)
    return {
        "verdicts": [vars(each) for each in verdicts(stages)],
        "first": vars(found) if found else None,
        "capacity": vars(capacity(stages)),
    }
