"""Going back to an earlier release, and what releases a host has: asked and done in one command."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from roles.core.applied import forget
from roles.core.errors import OperatorError
from roles.core.once_for_all import Once
from roles.core.step import NOTHING, Do, Due, Part
from roles.core.who import operator

from .purge import purged
from .settings import App

FORGET = forget("App | ")
"""Shell that follows a rollback: what the last whole run wanted of the application is live no more,
and `drift` is not to take that for somebody's hand."""


def target(app: str, tag: str | None) -> str:
    """Shell: what a rollback to `tag`, or to the release before, would make live; or why not."""
    plan = shlex.join([_program(app), "rollback", "--plan", *([tag] if tag else [])])
    missing = f"echo '{app} has never been released on this host'"
    return f"if [ -x {_program(app)} ]; then {plan} 2>&1 || true; else {missing}; fi"


def listed(app: str) -> str:
    """Shell: the releases on a host, a line each below a heading."""
    return f"if [ -x {_program(app)} ]; then {_program(app)} list; else echo 'no release yet'; fi"


def _program(app: str) -> str:
    return f"/usr/local/sbin/{app}-release"


def _read(lines: Sequence[str]) -> dict[str, Any]:
    said = "\n".join(lines)
    try:
        return dict(json.loads(said))
    except ValueError:
        return {"refusal": said}


@dataclass(frozen=True)
class Earlier:
    """The release to go back to, whether this host has it built, what is live there, and which
    passwords have changed since it was live (names of variables)."""

    tag: str
    built: bool
    live: str
    outdated: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it can be switched to as it was."""
        return self.built and not self.outdated

    @property
    def words(self) -> tuple[str, ...]:
        """What an operator is told before anything happens."""
        if self.live == self.tag:
            return ()
        again = "" if self.built else " and was pruned: it is built again"
        lines = [f"  {self.live} is live, {self.tag} was before{again}"]
        lines += [f"  it gets the present {', '.join(self.outdated)}"] if self.outdated else []
        return tuple(lines)


def earlier(answers: Mapping[str, Sequence[str]], here: str) -> Earlier:
    """The release that a rollback goes to, the same on all hosts. answers: what each host said to
    `target`, by its name; here: the name of this one.

    Raises OperatorError when a host refuses it, or hosts were on different ones before.
    """
    plans = {name: _read(lines) for name, lines in answers.items()}
    refused = [f"[{name}] {plan['refusal']}" for name, plan in plans.items() if "refusal" in plan]
    if refused:
        raise OperatorError("\n".join(refused))
    goals = {name: f"{plan['tag']} ({plan['commit'][:12]})" for name, plan in plans.items()}
    if len(set(goals.values())) > 1:
        each = ", ".join(f"{name}: {goal}" for name, goal in goals.items())
        raise OperatorError(
            f"the hosts would not go back to the same release ({each}); name one: --data tag=TAG"
        )
    mine = plans[here]
    return Earlier(mine["tag"], mine["built"], mine["live"], tuple(mine.get("outdated", ())))


@dataclass(frozen=True)
class Activate:
    """`goal`, which is built, is live again as it was defined then."""

    name: str
    app: str
    goal: Earlier
    once: Once | None = None
    is_whole: ClassVar[bool] = True

    def question(self) -> str:
        return NOTHING

    def wants(self) -> str:
        return self.goal.tag

    def due(self, lines: Sequence[str]) -> Due:
        if self.goal.live == self.goal.tag:
            return Due(fine=f"{self.goal.tag} is live")
        command = [_program(self.app), "activate", self.goal.tag, "--by", operator()]
        return Due((Do(f"{shlex.join(command)} && {FORGET}", tells=True, once=self.once),))


def activate(settings: App, goal: Earlier, domain: str) -> Part:
    """`goal` live again."""
    purge = purged(settings, goal.tag, domain)
    step = Activate(f"App | {goal.tag} is live again", settings.name, goal, purge)
    return Part("app", (step,), notes=goal.words)
