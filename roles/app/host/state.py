"""What an application's slots are, compared with what they should be."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from . import assets, built, drift, health, pending_switch, prune, responses, slots, systemd, warm
from .definition import Definition
from .layout import Layout, other

PATIENCE = 10  # seconds; after a boot, or when a process was killed a moment ago


@dataclass(frozen=True)
class State:
    """The live slot, and everything that is not as it should be. again: why what is wanted is built
    once more."""

    slot: str | None = None
    tag: str | None = None
    identity: str | None = None
    built: bool = False
    unhealthy: list[str] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)
    again: str = ""

    def due(self, identity: str) -> str:
        """What has to be done for `identity` to be live: `activate`, `clean_up` or nothing."""
        if not self.built or self.identity != identity or self.unhealthy:
            return "activate"
        return "clean_up" if self.incomplete else ""

    def why(self, identity: str, tag: str) -> list[str]:
        """Why `due` says so, a line each, for the operator."""
        if self.slot is None:
            return ["nothing is live yet"]
        again = [f"{tag} is built again because {self.again}"] if self.again else []
        if self.tag != tag:
            return [f"{self.tag} is live", *again]
        if self.identity != identity:
            return again or ["its configuration has changed"]
        if not self.built:
            return again or ["it is to be built again"]
        return [*self.unhealthy, *self.incomplete]

    def as_json(self, identity: str, tag: str) -> dict[str, Any]:
        return {
            **asdict(self),
            "due": self.due(identity),
            "why": self.why(identity, tag),
        }


def read(
    layout: Layout, tag: str, commit: str, made: Mapping[str, str], identity: str = ""
) -> State:
    """The state of the host, seen for the wish that `tag` be live, built from `made`.

    identity: of what is wanted, where only what is due counts: with another one live nobody looks
    for what is wrong with that, which users would wait for.
    """
    slot = slots.live(layout)
    definition = slots.started(layout, slot)
    there = built.find(layout, tag, commit, built.identity_of(made)) is not None
    again = built.again(layout, tag, commit, made)
    if slot is None or definition is None:
        return State(built=there)
    if identity not in ("", definition.identity):
        return State(slot, definition.tag, definition.identity, there, again=again)
    unhealthy = [f"{path} has been changed" for path in slots.drifted(layout, slot)]
    unhealthy += drift.unhealthy(layout, slot)
    if not unhealthy and definition.tag == tag:
        unhealthy = _unhealthy(layout, definition, slot)
    incomplete = _incomplete(layout, slot)
    return State(slot, definition.tag, definition.identity, there, unhealthy, incomplete, again)


def _unhealthy(layout: Layout, definition: Definition, slot: str) -> list[str]:
    """Processes that do not run or do not answer. One that was just started gets its time."""
    sockets = dict(zip(definition.web(layout, slot), definition.sockets(layout, slot), strict=True))
    asked = {**definition.health, "successes": 1, "deadline": PATIENCE}
    silent = health.wait(sockets, asked, each=definition.each(layout, slot))
    if silent:
        return [f"{sockets[unit].stem}: {reason}" for unit, reason in silent.items()]
    workers = definition.workers(layout, slot)
    end = time.monotonic() + PATIENCE
    while (ended := systemd.inactive(workers)) and time.monotonic() < end:
        time.sleep(health.BETWEEN)
    return [f"{unit} does not run" for unit in ended]


def _incomplete(layout: Layout, slot: str) -> list[str]:
    definition = slots.started(layout, slot)
    free = other(slot)
    left = slots.running(layout, free)
    if left and warm.holds(layout, free):
        left = []
    incomplete = [f"{unit} of the former release runs" for unit in left]
    timers = list(definition.timers) if definition else []
    beside = layout.beside()
    wanted = [*timers, *beside, layout.target]
    shown = systemd.show(wanted, "ActiveState", "UnitFileState")
    if pending_switch.exists(layout):
        incomplete.append("the switch to it is not finished")
    incomplete += [
        f"{unit} does not run" for unit in wanted if shown[unit].get("ActiveState") != "active"
    ]
    incomplete += [
        f"{unit} would not start at boot"
        for unit, values in shown.items()
        if values.get("UnitFileState") != "enabled"
    ]
    if definition and layout.current.resolve() != layout.slot(slot).resolve():
        incomplete.append(f"{layout.current} is not the live release")
    if not assets.current(layout, slot):
        incomplete.append(f"{layout.assets} does not lead to the live release's files")
    if not responses.current(layout, slot):
        incomplete.append(f"{layout.responses} is of another switch: Nginx may answer for that")
    if old := prune.overdue(layout):
        incomplete.append(f"more releases are there than app.keep_releases: {', '.join(old)}")
    return [*incomplete, *drift.incomplete(layout, slot)]
