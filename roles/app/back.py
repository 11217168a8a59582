"""Going back to an earlier release, and what releases a host has: asked and done in one command."""

from __future__ import annotations

import json
import shlex
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from pyinfra import host, inventory
from pyinfra.api import FactBase, StringCommand, operation

from roles.core.errors import OperatorError

from .live import operator
from .settings import App


class TargetFact(FactBase):
    """What a rollback to `tag`, or to the release before, would make live; or why it would not."""

    default = dict

    def command(self, app: str, tag: str) -> str:
        program = f"/usr/local/sbin/{app}-release"
        plan = shlex.join([program, "rollback", "--plan", *([tag] if tag else [])])
        missing = f"echo '{app} has never been released on this host'"
        return f"if [ -x {program} ]; then {plan} 2>&1 || true; else {missing}; fi"

    def process(self, output: list[str]) -> dict[str, Any]:
        said = "\n".join(output)
        try:
            return dict(json.loads(said))
        except ValueError:
            return {"refusal": said}


class ReleasesFact(FactBase):
    """The releases on a host, as lines for people."""

    default = list

    def command(self, app: str) -> str:
        program = f"/usr/local/sbin/{app}-release"
        return f"if [ -x {program} ]; then {program} list; else echo 'no release yet'; fi"

    def process(self, output: list[str]) -> list[str]:
        return output


def releases(settings: App) -> list[str]:
    """The releases on this host, a line each below a heading."""
    return list(host.get_fact(ReleasesFact, app=settings.name))


@dataclass(frozen=True)
class Earlier:
    """The release to go back to, whether this host has it built, and what is live there."""

    tag: str
    built: bool
    live: str


def earlier(settings: App, tag: str | None) -> Earlier:
    """The release that a rollback to `tag`, or to the one before, goes to, the same on all hosts.

    Raises OperatorError when a host refuses it, or hosts were on different ones before.
    """
    plans = {
        other.name: other.get_fact(TargetFact, app=settings.name, tag=tag or "")
        for other in inventory.get_active_hosts()
    }
    refused = [f"[{name}] {plan['refusal']}" for name, plan in plans.items() if "refusal" in plan]
    if refused:
        raise OperatorError("\n".join(refused))
    goals = {name: f"{plan['tag']} ({plan['commit'][:12]})" for name, plan in plans.items()}
    if len(set(goals.values())) > 1:
        each = ", ".join(f"{name}: {goal}" for name, goal in goals.items())
        raise OperatorError(
            f"the hosts would not go back to the same release ({each}); name one: --data tag=TAG"
        )
    mine = plans[host.name]
    if mine["live"] != mine["tag"]:
        said = f"{mine['live']} is live, {mine['tag']} was before"
        host.log(f"  {said}" + ("" if mine["built"] else " and was pruned: it is built again"))
    return Earlier(mine["tag"], mine["built"], mine["live"])


@operation()
def _activate(app: str, goal: Earlier, by: str) -> Generator[StringCommand, None, None]:
    if goal.live == goal.tag:
        host.noop(f"{goal.tag} is live")
        return
    program = f"/usr/local/sbin/{app}-release"
    yield StringCommand(shlex.join([program, "activate", goal.tag, "--by", by]))


def activate(settings: App, goal: Earlier) -> None:
    """Make `goal`, which is built, live again as it was defined then."""
    _activate(name=f"App | {goal.tag} is live again", app=settings.name, goal=goal, by=operator())
