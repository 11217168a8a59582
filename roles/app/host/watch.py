"""Watching a release that users already see, so that a bad one goes before they all have."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from . import health, systemd
from .answers import Answers, Counted
from .cause import Causes
from .definition import Definition
from .layout import Layout
from .memory import Losses


def watch(
    layout: Layout,
    definition: Definition,
    slot: str,
    settings: Mapping[str, Any],
    aborted: Callable[[], str],
) -> str:
    """Watch the release in `slot`, which was switched to just now, for as long as `settings` say.
    Why it is bad, as soon as it is; empty when it is not.

    aborted: why somebody wants it to be over, empty while nobody does.
    """
    look = Look(layout, definition, slot, settings)
    end = time.monotonic() + settings["seconds"]
    try:
        while not (reason := aborted() or look()) and time.monotonic() < end:
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
        self.health, self.each = definition.health, definition.each(layout, slot)
        web = definition.web(layout, slot)
        self.sockets = dict(zip(web, definition.sockets(layout, slot), strict=True))
        self.units = [*web, *definition.workers(layout, slot)]
        self.before = systemd.ends(self.units)
        self.failing = dict.fromkeys(web, 0)
        self.losses = Losses(self.units)
        self.causes = Causes(layout, slot)
        self.answers = Answers(layout, settings["seconds"], time.time())

    def __call__(self) -> str:
        self.causes.trees.look(self.units)
        ended = {u: n - self.before[u] for u, n in systemd.ends(self.units).items()}
        # What ended fails its health check too, but why is told best by that it ended.
        return (
            self._ended(ended)
            or self._unhealthy()
            or too_many_errors(self.answers.look(), self.answers.before, self.settings)
        )

    def _ended(self, ended: Mapping[str, int]) -> str:
        lost = self.losses()
        reason = too_many_ends(ended, lost, self.settings)
        if not reason:
            return ""
        unit = most(ended, lost)
        why = self.causes(unit) if ended[unit] > 0 else self.causes.out_of_memory(unit)
        return f"{reason}: {why}" if why else reason

    def _unhealthy(self) -> str:
        for unit, reason in health.ask_all(self.sockets, self.health, self.each).items():
            self.failing[unit] = self.failing[unit] + 1 if reason else 0
            if self.failing[unit] >= self.settings["failures"]:
                return f"{unit}: {reason}"
        return ""


def most(ended: Mapping[str, int], lost: Mapping[str, int]) -> str:
    """The unit that ended most often, or lost most of its processes."""
    return max(ended, key=lambda name: (ended[name], lost[name]))


def too_many_ends(
    ended: Mapping[str, int], lost: Mapping[str, int], settings: Mapping[str, Any]
) -> str:
    """Whether processes ended too often since the switch: by unit how often it `ended`, and how
    many of its processes it `lost` while the others went on."""
    count = sum(max(n, 0) for n in (*ended.values(), *lost.values()))
    if count <= settings["restarts"]:
        return ""
    unit = most(ended, lost)
    own = ended[unit] if ended[unit] > 0 else lost[unit]
    more = f", {count} processes of it in all" if count > own else ""
    if ended[unit] > 0:
        return f"{unit} ended {'once' if own == 1 else f'{own} times'}{more}"
    return f"{unit} lost {'one' if own == 1 else own} of its processes{more}"


def too_many_errors(since: Counted, before: Counted, settings: Mapping[str, Any]) -> str:
    """Whether more answers are errors than were before the switch."""
    if since.total < settings["requests"] or since.share <= before.share + settings["errors"]:
        return ""
    return (
        f"{since.errors} of {since.total} answers were a 5xx ({since.share:.0f} %;"
        f" {before.share:.0f} % before)"
    )
