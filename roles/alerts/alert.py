"""One rule: what is asked of Prometheus, and what a person is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["critical", "warning"]
"""critical: visitors or data suffer now or soon. warning: within days."""
LOAD = ("release", "backup", "drill")
"""What takes CPU, disk and time for itself, and is over by itself."""


@dataclass(frozen=True)
class Alert:
    """A rule.

    + what: is wrong, a short sentence
    + expr: PromQL; `$name` is a value of `alerts.limits`, $window of alerts.window_seconds,
      $max_connections of postgres.max_connections
    + seconds: it lasts before it is told, at alerts.patience_percent = 100
    + lasts: key of alerts.limits that says so instead, in the unit that its name ends with
    + limits: keys of alerts.limits that it depends on; keys: other settings that change it
    + evidence: the figure, in Prometheus' template language: `$value`, `$labels.NAME`
    + do: what there is to do about it
    + command: what to run first; ENV is the environment. It changes nothing
    + explained: kinds of work that explain it while they run: it is not told then
    """

    name: str
    what: str
    expr: str
    seconds: int
    severity: Severity
    evidence: str
    do: str
    command: str
    limits: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    lasts: str = ""

    @property
    def settings(self) -> tuple[str, ...]:
        """The keys by which it is changed."""
        return (*(f"alerts.limits.{name}" for name in self.limits), *self.keys)

    @property
    def anchor(self) -> str:
        """Its heading in docs/alerts.md, as a link ends."""
        return self.name.lower()
