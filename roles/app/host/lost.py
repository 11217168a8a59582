"""What live releases have lost to memory: noted while they run, said for as long as they do."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from roles.core.host import disk

from . import systemd
from .cause import Causes
from .definition import Definition
from .layout import Layout
from .memory import Losses

KEPT = 20  # releases of which it is remembered
MEMORY = "out of memory"


@dataclass(frozen=True)
class Lost:
    """Processes that a release has lost: how many, when the last, and what is said of that one.

    identity: of the definition that it ran with; with another one it begins anew.
    """

    identity: str
    count: int
    when: str
    said: str


def read(layout: Layout) -> dict[str, Lost]:
    """By tag."""
    return {tag: Lost(**values) for tag, values in disk.read_json(layout.lost).items()}


def note(layout: Layout, definition: Definition, count: int, said: str) -> None:
    """Add `count` processes to those that a live release has lost."""
    known = read(layout)
    before = known.pop(definition.tag, None)
    if before and before.identity == definition.identity:
        count += before.count
    when = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    known[definition.tag] = Lost(definition.identity, count, when, said)
    kept = list(known.items())[-KEPT:]
    disk.write_json(layout.lost, {tag: asdict(lost) for tag, lost in kept})


def words(layout: Layout, tag: str, identity: str) -> str:
    """What is said of a release with a definition; empty where it has lost nothing."""
    lost = read(layout).get(tag)
    if lost is None or lost.identity != identity:
        return ""
    return f"{tag} was {times(lost)}, last at {lost.when}: {lost.said}"


def times(lost: Lost) -> str:
    return f"{MEMORY} {'once' if lost.count == 1 else f'{lost.count} times'}"


class Minder:
    """Looks at a live release's processes again and again; called, it notes what they lost. before:
    what is said of one that was lost before it was made; empty for none."""

    def __init__(self, layout: Layout, definition: Definition, slot: str) -> None:
        self.layout, self.definition, self.slot = layout, definition, slot
        self.units = [*definition.web(layout, slot), *definition.workers(layout, slot)]
        self.losses, self.lost = Losses(self.units), dict.fromkeys(self.units, 0)
        self.ended = systemd.ends(self.units)
        self.causes = Causes(layout, slot)
        self.causes.trees.look(self.units)
        # What was lost before anybody looked, a moment after the switch, and is not noted yet.
        known = read(layout).get(definition.tag)
        noted = known.count if known and known.identity == definition.identity else 0
        self.before = ""
        if (count := sum(self.losses.counts.values()) - noted) > 0:
            unit = max(self.losses.counts, key=lambda name: self.losses.counts[name])
            self.before = f"{unit}, one of its processes: {self.causes.out_of_memory(unit)}"
            note(layout, definition, count, self.before)

    def __call__(self) -> str:
        """What is said of the last one; empty when none was lost since."""
        self.causes.trees.look(self.units)
        lost, ended = dict(self.losses()), systemd.ends(self.units)
        count, said = 0, ""
        for unit in self.units:
            # Forks alone, or the whole unit: that it ended for memory only its end tells, and with
            # control groups of the first version not for sure.
            forks, ends = lost[unit] - self.lost[unit], ended[unit] - self.ended[unit]
            why = self.causes(unit) if ends > 0 else ""
            if ends > 0 and why.startswith(MEMORY):
                count, said = count + ends, f"{unit} ended: {why}"
            elif forks > 0:
                count += forks
                said = f"{unit}, one of its processes: {self.causes.out_of_memory(unit)}"
        if count or any(ended[unit] > self.ended[unit] for unit in self.units):
            self.causes = Causes(self.layout, self.slot, self.causes.trees)
        self.lost, self.ended = lost, ended
        if count:
            note(self.layout, self.definition, count, said)
        return said
