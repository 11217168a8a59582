"""Watching a release that users already see, so that a bad one goes before they all have."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from . import health, systemd
from .answers import Answers, Counted
from .definition import Definition
from .layout import Layout


def watch(
    layout: Layout,
    definition: Definition,
    slot: str,
    settings: Mapping[str, Any],
    given_up: Callable[[], str],
) -> str:
    """Watch the release in `slot`, which was switched to just now, for as long as `settings` say.
    Why it is bad, as soon as it is; empty when it is not.

    given_up: why somebody wants it to be over, empty while nobody does.
    """
    look = Look(layout, definition, slot, settings)
    end = time.monotonic() + settings["seconds"]
    try:
        while not (reason := given_up() or look()) and time.monotonic() < end:
            time.sleep(min(settings["interval"], max(end - time.monotonic(), 0)))
    finally:
        look.answers.close()
    return reason


class Look:
    """One look at a release after the other; called, it tells why it is bad."""

    def __init__(
        self, layout: Layout, definition: Definition, slot: str, settings: Mapping[str, Any]
    ) -> None:
        self.settings = settings
        self.health = definition.health
        web = definition.web(layout, slot)
        self.sockets = dict(zip(web, definition.sockets(layout, slot)))  # noqa: B905 - Python 3.9
        self.units = [*web, *definition.workers(layout, slot)]
        self.before = systemd.ends(self.units)
        self.failing = dict.fromkeys(web, 0)
        self.answers = Answers(layout, settings["seconds"], time.time())

    def __call__(self) -> str:
        ended = {u: n - self.before[u] for u, n in systemd.ends(self.units).items()}
        # What ended fails its health check too, but why is told best by that it ended.
        return (
            too_many_ends(ended, self.settings)
            or self._unhealthy()
            or too_many_errors(self.answers.look(), self.answers.before, self.settings)
        )

    def _unhealthy(self) -> str:
        for unit, reason in health.ask_all(self.sockets, self.health).items():
            self.failing[unit] = self.failing[unit] + 1 if reason else 0
            if self.failing[unit] >= self.settings["failures"]:
                return f"{unit}: {reason}"
        return ""


def too_many_ends(ended: Mapping[str, int], settings: Mapping[str, Any]) -> str:
    """Whether processes ended too often: `ended` times by unit since the switch."""
    count = sum(max(n, 0) for n in ended.values())
    if count <= settings["restarts"]:
        return ""
    unit = max(ended, key=lambda name: ended[name])
    times = "once" if ended[unit] == 1 else f"{ended[unit]} times"
    more = f", {count} processes of it in all" if count > ended[unit] else ""
    return f"{unit} ended {times}{more}"


def too_many_errors(since: Counted, before: Counted, settings: Mapping[str, Any]) -> str:
    """Whether more answers are errors than were before the switch."""
    if since.total < settings["requests"] or since.share <= before.share + settings["errors"]:
        return ""
    return (
        f"{since.errors} of {since.total} answers were a 5xx ({since.share:.0f} %;"
        f" {before.share:.0f} % before)"
    )
