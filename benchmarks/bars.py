"""What the figures must reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .load.figures import KNOWN_USERS
from .load.flooded import FLOODED, QUIET


@dataclass(frozen=True)
class Bar:
    """A figure and its bound; `least` when more is better, else less is."""

    name: str
    value: float
    bound: float
    least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.bound if self.least else self.value <= self.bound

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "value": self.value, "bar": self.sign, "met": self.met}

    @property
    def sign(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.bound:g}"


def provision_bars(figures: dict[str, Any]) -> list[Bar]:
    """Bars of the provisioning part."""
    ratios = figures["ratios"]
    return [
        Bar("second run, s", figures["readyhost"]["second"], 1.5),
        Bar(
            "second run, times faster than Ansible", ratios["second, Ansible / readyhost"], 40, True
        ),
        Bar("remote commands of a second run", figures["readyhost"]["commands"], 8),
        Bar("cold run / shell script", ratios["cold, readyhost / shell"], 1),
    ]


def second_bars(figures: dict[str, Any]) -> list[Bar]:
    """Bars of the second run, near and far."""
    return [
        Bar("start, s of processor time", figures["start"], 0.6),
        Bar("second run, s", figures["near"], 1.5),
        Bar("second run at 50 ms round trip, s", figures["far"], 3),
        Bar("remote commands of a second run", figures["commands"], 8),
    ]


def many_bars(figures: dict[str, Any]) -> list[Bar]:
    """Bars of a second run over several hosts."""
    seconds = {number: each["seconds"] for number, each in figures["hosts"].items()}
    return [
        Bar(f"second run, {number} hosts / one", seconds[number] / seconds["1"], bound)
        for number, bound in (("8", 1.5), ("32", 2))
    ]


def load_bars(loads: dict[str, Any]) -> list[Bar]:
    """Bars of the load part."""

    def fair(name: str) -> Bar:
        return Bar(f"p95 / p50, {name}", loads[name]["p95"] / loads[name]["p50"], 2)

    at_saturation = ("cached, 1000", "from Redis, 1000", "uncached, 1000")

    def thinking(name: str) -> list[Bar]:
        if name not in loads:  # older reports
            return []
        return [
            Bar(f"p95 of {name}, ms", loads[name]["p95"], 20),
            Bar(f"errors, {name}", loads[name]["errors"], 0),
        ]

    def gain(name: str) -> float:
        return loads[name]["rate"] / loads["defaults, 100 cached"]["rate"]

    return [
        *(Bar(f"errors, {name}", loads[name]["errors"], 0) for name in at_saturation),
        Bar("cached at 1000 / defaults at 100", gain("cached, 1000"), 1.5, True),
        *(fair(name) for name in at_saturation),
        *(bar for name in ("1000 users thinking 1 s", KNOWN_USERS) for bar in thinking(name)),
        *flood_bars(loads),
    ]


def flood_bars(loads: dict[str, Any]) -> list[Bar]:
    """What a flood from one address costs the others; reports from before it was measured have
    none."""
    if FLOODED not in loads:
        return []
    return [
        Bar("p95 of others, flooded / quiet", loads[FLOODED]["p95"] / loads[QUIET]["p95"], 1.2),
        Bar("errors of others, flooded", loads[FLOODED]["errors"], 0),
    ]


def backup_bars(figures: dict[str, Any]) -> list[Bar]:
    """Bars of the backup part."""
    load = figures["load"]
    return [
        Bar("p95 during a backup / without", load["p95 during a backup"] / load["p95"], 1.2),
        Bar("restorable change's age (RPO), s", figures["rpo"], 60),
        Bar("size of a full backup / pg_dump | gzip", _ratio(figures, "bytes"), 1.5),
        Bar("restore / pg_restore", figures["restore"] / figures["pg_restore"], 1),
    ]


def _ratio(figures: dict[str, Any], key: str) -> float:
    return float(figures["full"][key] / figures["gzip"][key])


def release_bars(figures: dict[str, Any]) -> list[Bar]:
    """Bars of the releases part."""
    return [
        Bar("rollback, from the command to the switch, s", figures["rollback"]["switch"], 3),
        *warm_bars(figures),
        *switch_bars(figures),
        Bar("deploy, s", figures["deploy"]["all"], figures["kamal"]),
        Bar(
            "deploy with changed dependencies, s",
            figures["deploy, dependencies changed"]["all"],
            figures["kamal"],
        ),
    ]


def warm_bars(figures: dict[str, Any]) -> list[Bar]:
    """Rollbacks while the former release is warm; reports from before it was have none."""
    if "warm" not in figures:
        return []
    return [
        Bar(
            "rollback while warm, from the command to the switch, s", figures["warm"]["switch"], 1.5
        ),
        Bar("the same, from the host's own command, s", figures["warm"]["host"], 0.2),
    ]


def switch_bars(figures: dict[str, Any]) -> list[Bar]:
    """What clients notice of switches; older reports tell it of another load."""
    loads = figures.get("loads", {})
    lost = [Bar(f"requests lost, {name}", load["lost"], 0) for name, load in loads.items()]
    ratios = {name: load["meanwhile"]["p99"] / load["quiet"]["p99"] for name, load in loads.items()}
    return lost + [Bar(f"p99 meanwhile / quiet, {name}", ratios[name], 2) for name in ratios]


def monitoring_bars(figures: dict[str, Any]) -> list[Bar]:
    """Bars of what a host pays for measuring itself."""
    cost, p99 = figures["cost"], figures["p99"]
    without = p99.get("without", p99["off"])  # reports until 29 November have that of the first
    return [
        *(Bar(f"memory, MB, {name}", cost[name]["memory"], 200) for name in cost),
        *(Bar(f"% of a core, {name}", cost[name]["cpu"], 2) for name in cost),
        Bar("p99 during a release, with / without", p99["local"] / without, 1.05),
        Bar("requests lost", figures["lost"], 0),
    ]


PARTS: dict[str, Callable[[dict[str, Any]], list[Bar]]] = {
    "provision": provision_bars,
    "second": second_bars,
    "many": many_bars,
    "load": load_bars,
    "backup": backup_bars,
    "releases": release_bars,
    "monitoring": monitoring_bars,
}
