"""A host's plan: what each role makes of it, as data, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .entries import Absent, Entry
from .fileset import Files
from .step import Guarded, Part, Step, UntilLive


@dataclass(frozen=True)
class Plan:
    """The parts of all roles, in the order in which a host gets them."""

    parts: tuple[Part, ...]

    def warned(self, words: Sequence[str]) -> Plan:
        """The same, and what is said at the end of the run."""
        return Plan((*self.parts, Part("external", warnings=tuple(words)))) if words else self

    def shared(self) -> Plan:
        """The same plan, but no role removes a path that another role has now."""
        present = frozenset(
            entry.path
            for step in files(self.steps)
            for entry in step.entries
            if not isinstance(entry, Absent)
        )
        return Plan(
            tuple(
                replace(
                    part,
                    steps=tuple(_leaving(step, present) for step in part.steps),
                    last=tuple(_leaving(step, present) for step in part.last),
                )
                for part in self.parts
            )
        )

    @property
    def steps(self) -> list[Step]:
        """Everything that is done, in order; what waits for the live release comes last."""
        return [
            *(step for part in self.parts for step in part.steps),
            *(step for part in self.parts for step in part.last),
        ]

    @property
    def notes(self) -> list[str]:
        """What a run says of this host while it prepares."""
        return [line for part in self.parts for line in part.notes]

    @property
    def warnings(self) -> list[str]:
        """What a run says at its very end, as each other run does."""
        return [line for part in self.parts for line in part.warnings]

    def files(self, role: str) -> list[Entry]:
        """Files, folders and links of a role, as the host has them before its release is live."""
        parts = (part for part in self.parts if part.role == role)
        return [entry for part in parts for step in files(part.steps) for entry in step.entries]


def files(steps: Sequence[Step]) -> list[Files]:
    """The steps that install files."""
    return [each for each in map(bare, steps) if isinstance(each, Files)]


def _leaving(step: Step, present: frozenset[str]) -> Step:
    if isinstance(step, Guarded):
        return replace(step, step=_leaving(step.step, present))
    if isinstance(step, UntilLive):
        lasting = step.lasting and _leaving(step.lasting, present)
        return replace(step, step=_leaving(step.step, present), lasting=lasting)
    return replace(step, leave=step.leave | present) if isinstance(step, Files) else step


def bare(step: Step) -> Step:
    """A step without what is around it."""
    return bare(step.step) if isinstance(step, Guarded | UntilLive) else step
