"""A test on the operator's terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from roles.core.plain import plain

COLUMNS = ("users", "answers/s", "errors", "p50", "p95", "p95 by clock", "p95 of Nginx", "CPU",
           "memory", "connections")  # fmt: skip


MOST_REASONS = 3
AWAY = 0.2
"""Share of answers: a sign-in now and then is less."""


def terminal(found: Mapping[str, Any], changes: Sequence[str]) -> Iterator[str]:
    """Stages, verdicts, what gave out first, capacity, what grew. Words of a host stand in it: they
    do nothing to the terminal."""
    return map(plain, _lines(found, changes))


def _lines(found: Mapping[str, Any], changes: Sequence[str]) -> Iterator[str]:
    yield from table([COLUMNS, *(row(each) for each in found["stages"])])
    yield ""
    if found.get("abort"):
        yield f"ended before its time: {found['abort']}"
    yield from failures(found)
    for each in found["verdicts"]:
        yield verdict(each)
    yield ""
    yield gave_out(found)
    yield bears(found)
    yield omission(found)
    if away := elsewhere(found):
        yield away
    if found.get("single"):
        yield single(found["single"])
    for line in found.get("grown", ()):
        yield f"{'LEAKS ' if line['leaks'] else 'steady'} {line['words']}"
    if found["kind"] == "soak" and not found.get("grown"):
        yield "too short to say what grows"
    for each in found.get("releases", ()):
        yield f"{each['release']} was live from {each['at']:.0f} s on"
    for name, count in found.get("restarts", {}).items():
        yield f"{name} was restarted {'once' if count == 1 else f'{count} times'}"
    yield f"the host's side took {found['cost']:.1%} of a core"
    for change in changes:
        yield f"since the last test: {change}"


def row(stage: Mapping[str, Any]) -> tuple[str, ...]:
    host = stage["host"]
    return (
        str(stage["users"]),
        f"{stage['rate']:.0f}",
        f"{100 * stage['wrong']:.2f} %",
        *(ms(stage["closed"][name]) for name in ("p50", "p95")),
        ms(stage["open"]["p95"]),
        ms(stage["nginx"]["p95"]),
        percent(host.get("cpu")),
        percent(host.get("memory")),
        f"{host['database_connections']:.0f} of {host['database_most']:.0f}"
        if "database_most" in host else "-",
    )  # fmt: skip


def failures(found: Mapping[str, Any]) -> Iterator[str]:
    """What failed most, also before all users were there and where the test ended: a share alone
    says nobody what to mend."""
    sums: dict[str, int] = {}
    for line in found["told"]:
        for why, count in line.get("errors", {}).items():
            sums[why] = sums.get(why, 0) + count
    for why in sorted(sums, key=lambda each: -sums[each])[:MOST_REASONS]:
        yield f"failed {sums[why]} times: {why}"


def ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} ms"


def percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} %"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(each[column]) for each in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(each, widths, strict=True))
            for each in rows]  # fmt: skip


def verdict(each: Mapping[str, Any]) -> str:
    what = f"{each['name']} {each['most']:g} {each['unit']}"
    if each["value"] is None:
        return f"?     {what}: not seen"
    if each["users"] is None:
        return f"held  {what}: {each['value']:.0f} at most"
    return f"OVER  {what}: {each['value']:.0f} at {each['users']} users"


def gave_out(found: Mapping[str, Any]) -> str:
    first = found["first"]
    if not found["stages"]:
        return "what gives out first: not seen, as no stage came to its end"
    if not first:
        return "nothing gave out"
    keys = f" ({', '.join(first['settings'])})" if first["settings"] else ""
    return (f"first to give out: {first['what']}, at {first['users']} users: {first['seen']}."
            f" What would move it: {first['do']}{keys}")  # fmt: skip


def bears(found: Mapping[str, Any]) -> str:
    capacity = found["capacity"]
    if not found["stages"]:
        return "capacity: not measured"
    least = "at least " if capacity["at_least"] else "about "
    return f"capacity: {least}{capacity['users']} users at p95 < 500 ms"


def omission(found: Mapping[str, Any]) -> str:
    """What users who think do not ask of a slow host, as far as it can be seen."""
    if not found["stages"]:
        return "coordinated omission: not measured"
    last = found["stages"][-1]
    return (
        f"coordinated omission: at {last['users']} users the p95 is {ms(last['closed']['p95'])} for"
        f" who waits for an answer, {ms(last['open']['p95'])} for who comes by the clock, and"
        f" {ms(last['nginx']['p95'])} by Nginx's log of the same requests; what is between the"
        " first and the last is network and this machine"
    )


def elsewhere(found: Mapping[str, Any]) -> str:
    """That a good part of what was measured is the way to another page: mostly to sign in."""
    moved: dict[str, int] = {}
    for stage in found["stages"]:
        for path, count in stage.get("moved", {}).items():
            moved[path] = moved.get(path, 0) + count
    answers = sum(stage["nginx"]["count"] for stage in found["stages"])
    if not answers or sum(moved.values()) < AWAY * answers:
        return ""
    most = sorted(moved, key=lambda path: -moved[path])[:3]
    return (
        f"{sum(moved.values()) / answers:.0%} of the answers led elsewhere, most of them from"
        f" {', '.join(most)}: is the scenario signed in? Else this is the load of the page they led"
        " to (docs/load.md, The scenario)"
    )


def single(found: Mapping[str, Any]) -> str:
    return (
        f"one web process: {found['one']:.0f} answers a second, p95 {ms(found['one_p95'])};"
        f" all: {found['all']:.0f}, p95 {ms(found['all_p95'])}; gained {found['gained']:+.0%}"
    )
