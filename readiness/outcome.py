"""What a look can find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Outcome(Enum):
    """In the order in which people should see them."""

    FALSE = "false"
    UNKNOWN = "could not look"
    UNWANTED = "not wanted"
    TRUE = "true"


@dataclass(frozen=True)
class Finding:
    """evidence: what was seen. when: of what it proves, seconds of the epoch; None: just now."""

    outcome: Outcome
    evidence: str
    when: float | None = None


def true(evidence: str, when: float | None = None) -> Finding:
    return Finding(Outcome.TRUE, evidence, when)


def false(evidence: str, when: float | None = None) -> Finding:
    return Finding(Outcome.FALSE, evidence, when)


def unknown(evidence: str, when: float | None = None) -> Finding:
    return Finding(Outcome.UNKNOWN, evidence, when)


def unwanted(evidence: str) -> Finding:
    return Finding(Outcome.UNWANTED, evidence)


def either(good: bool, evidence: str, otherwise: str = "") -> Finding:
    """True or false by one question that was answered."""
    return true(evidence) if good else false(otherwise or evidence)


DAY = 86_400  # seconds


def aged(finding: Finding, days: int, now: float) -> Finding:
    """As it is, and said where its proof is older than a period of so many days."""
    if finding.when is None or now - finding.when <= days * DAY:
        return finding
    old = f"{(now - finding.when) / DAY:.0f} days old, its period is {days}"
    return replace(finding, evidence=f"{finding.evidence}; {old}")
