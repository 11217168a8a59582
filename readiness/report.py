"""A report of all hosts: taken one by one, written and judged when the last is done."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from roles.core.errors import OperatorError

from .catalogue import LINES
from .outcome import Outcome
from .verdict import Result, differing, results

if TYPE_CHECKING:
    from pyinfra.api.host import Host

    from settings import Settings

    from .measured import Measured


def unreached(why: str = "the host did not answer") -> list[Result]:
    """What is known of a host that cannot be asked."""
    return [Result(line, Outcome.UNKNOWN, why) for line in LINES if line.is_shown]


def taken(host: Host, settings: Settings, address: str) -> list[Result]:
    """What is true of one host. Nothing is changed there."""
    from load import kept
    from roles.core.execute import ask, look
    from roles.wanted import wanted

    from . import load_tests
    from .inside import answered, looks, question
    from .outcome import unknown
    from .outside import looked, sample, sampled
    from .verdict import WHOLE

    here = looks(settings)
    found = answered(here, ask(host, question(here), f"{len(here)} looks"))
    try:
        found += differing(look(host, wanted(host, settings, note=False)), found)
    except OperatorError as error:
        # What the plan is refused for is no reason to look at nothing.
        found.append((WHOLE, unknown(str(error))))
    environment = str(host.data.get("inventory") or settings.environment)
    found += load_tests.looked(kept.all_of(kept.folder(environment)), host.name)
    found += looked(settings, address, sampled(ask(host, sample(settings), "a static file")))
    today = datetime.now(timezone.utc).date()
    return results(found, settings.report.waivers, today)


def measured(host: Host, settings: Settings, now: float) -> Measured | None:
    """Plots of what the host has measured; None where it measures nothing."""
    from roles.core.execute import ask

    from .measured import Measured, answered, question

    if not (text := question(settings, now)):
        return None
    try:
        return answered(ask(host, text, "what was measured"), now)
    except OperatorError as error:
        return Measured(why=str(error))  # what was looked at is known all the same
